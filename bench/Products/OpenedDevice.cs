using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;

namespace IlgpuDistance.Bench.Products;

/// <summary>A device, of OpenCL also one that reports no generic address space.</summary>
internal sealed class OpenedDevice : IDisposable
{
    private readonly IDisposable[] _owned;

    private OpenedDevice(string name, Accelerator accelerator, params IDisposable[] owned)
    {
        Name = name;
        Accelerator = accelerator;
        _owned = owned;
    }

    public string Name { get; }

    public Accelerator Accelerator { get; }

    /// <exception cref="InputException">The device cannot be used.</exception>
    public static OpenedDevice Open(string selector, bool forceOpenCl)
    {
        if (!forceOpenCl)
        {
            var device = ComputeDevice.Open(selector, executor: ExecutorKind.Kernels);
            return new OpenedDevice($"{device.Name} ({device.Selector})", device.Accelerator, device);
        }
        DetectedDevice detected = DeviceCatalog.Detect().FirstOrDefault(detected => detected.Device is CLDevice && detected.Info.Selector.StartsWith(selector, StringComparison.Ordinal))
            ?? throw new InputException($"device \"{selector}\": no such OpenCL device");
        var device2 = (CLDevice)detected.Device!;
        typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))!.SetValue(device2.Capabilities, true);
        Context context = DeviceContext.Create();
        Accelerator accelerator = device2.CreateAccelerator(context);
        return new OpenedDevice($"{detected.Info.Name} ({detected.Info.Selector}, forced)", accelerator, accelerator, context);
    }

    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
            owned.Dispose();
    }
}
