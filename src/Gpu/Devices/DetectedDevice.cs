using ILGPU.Runtime;

namespace IlgpuDistance.Gpu.Devices;

/// <summary>A listed device together with ILGPU's description of it, from which an accelerator can be made.</summary>
/// <param name="Info">What is listed.</param>
/// <param name="Device">ILGPU's description; null for the CPU, which is sized when it is opened, and where there is none.</param>
internal sealed record DetectedDevice(DeviceInfo Info, Device? Device);
