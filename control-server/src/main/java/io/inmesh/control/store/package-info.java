/**
 * Where everything durable lives: keys and values under one revision counter, in etcd's shape, so
 * that a real etcd can stand behind the same interface.
 *
 * <p>May depend on the JDK and on JDBC's SQLite driver; knows nothing of policy or xDS.
 *
 * <p>Start reading at {@link io.inmesh.control.store.Store}; {@link
 * io.inmesh.control.store.SqliteStore} is the embedded default.
 */
@NullMarked
package io.inmesh.control.store;

import org.jspecify.annotations.NullMarked;
