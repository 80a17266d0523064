/** An ordinary Spring Boot web service, to see what the agent adds to one. Knows no mesh. */
package io.inmesh.benchmarks.spring;
