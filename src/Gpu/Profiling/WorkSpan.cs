namespace IlgpuDistance.Gpu.Profiling;

/// <summary>One piece of work that was timed: a launch of a kernel, or a phase of a block on one thread.</summary>
/// <param name="Name">What was done: the kernel's name in the catalogue, or the layer and its direction.</param>
/// <param name="Shape">The sizes, for people.</param>
/// <param name="Thread">The thread of the CPU that did it; 0 on other devices.</param>
/// <param name="Start">When it began, in seconds since the profile was begun.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Flop">Additions and multiplications that its formula needs; 0 where there are none.</param>
/// <param name="Bytes">Bytes that have to be read and written once; 0 where they are not counted.</param>
public readonly record struct WorkSpan(
    string Name, string Shape, int Thread, double Start, double Seconds, double Flop, double Bytes);
