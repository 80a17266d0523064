/**
 * A storefront of tiny services, written as if no mesh existed: the front end {@link
 * io.inmesh.storefront.Shop}, {@link io.inmesh.storefront.Orders} that it calls, {@link
 * io.inmesh.storefront.Payments} that some versions of orders call, and {@link
 * io.inmesh.storefront.Load}, who visits them. May depend on the JDK alone.
 *
 * <p>Start reading at {@link io.inmesh.storefront.Shop}: its call of {@code http://orders:8080/} is
 * one that a mesh is for.
 */
@NullMarked
package io.inmesh.storefront;

import org.jspecify.annotations.NullMarked;
