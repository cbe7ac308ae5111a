namespace IlgpuDistance.Checks.Compilers;

/// <summary>What a kernel takes of a device, from its compiler's report.</summary>
/// <param name="Registers">Registers of a work-item; on Intel, of a thread.</param>
/// <param name="SpillBytes">
/// Bytes for what registers cannot hold: of a work-item, loads and stores together on NVIDIA; on Intel, of a thread.
/// </param>
/// <param name="LocalBytes">Other memory of its own that a work-item has: its stack.</param>
/// <param name="SharedBytes">Shared memory of a group.</param>
/// <param name="Resident">What the device works on at a time, in the unit of <see cref="Target.ResidentUnit"/>.</param>
internal sealed record ResourceUsage(int Registers, int SpillBytes, int LocalBytes, int SharedBytes, int Resident);
