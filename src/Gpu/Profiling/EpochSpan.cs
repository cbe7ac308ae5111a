namespace IlgpuDistance.Gpu.Profiling;

/// <summary>One epoch of a profile.</summary>
/// <param name="Timed">Whether its work was timed piece by piece.</param>
/// <param name="Start">When it began, in seconds since the profile was begun.</param>
/// <param name="Seconds">How long it took.</param>
public readonly record struct EpochSpan(bool Timed, double Start, double Seconds);
