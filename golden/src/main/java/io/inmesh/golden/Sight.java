package io.inmesh.golden;

import java.time.Duration;

/**
 * How much a driver of the replay can see, and how exactly.
 *
 * @param flagsOfAnswers also the flags of calls that a backend answered, which no application sees
 * @param seeded chance is the same in every run: no outcome is missing by bad luck now and then
 * @param significance how unlikely a difference by chance must be to count
 * @param late how much later than any recording an answer may come; earlier never
 */
public record Sight(boolean flagsOfAnswers, boolean seeded, double significance, Duration late) {}
