namespace IlgpuDistance.Gpu.Profiling;

/// <summary>What ILGPU makes of a kernel for the compiler of a device's driver.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="FileName">A name for a file with the text.</param>
/// <param name="Text">PTX or OpenCL C.</param>
internal sealed record KernelSource(string Kernel, string FileName, string Text);
