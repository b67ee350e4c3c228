package dev.remit.server.decisions;

/// What was looked at since the start.
///
/// @param every one of how many decisions is sampled; 0 for none
public record SecondOpinionFigures(
    int every, long compared, long different, long incomparable, long dropped) {}
