/**
 * A storefront of tiny services, written as if no mesh existed: {@link
 * io.inmesh.storefront.Orders}, the front end {@link io.inmesh.storefront.Shop} that calls it, and
 * {@link io.inmesh.storefront.Load}, who visits the shop. May depend on the JDK alone.
 *
 * <p>Start reading at {@link io.inmesh.storefront.Shop}: its call of {@code http://orders:8080/} is
 * the one that a mesh is for.
 */
@NullMarked
package io.inmesh.storefront;

import org.jspecify.annotations.NullMarked;
