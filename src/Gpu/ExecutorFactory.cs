using ILGPU.Runtime;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu;

/// <summary>Makes executors of one kind on one device.</summary>
public sealed class ExecutorFactory
{
    /// <summary>Chooses the kind.</summary>
    /// <param name="device">Where plans are run; must outlive the executors.</param>
    /// <param name="kind">How; null means SIMD on the CPU and kernels elsewhere.</param>
    /// <exception cref="InputException">The device does not run executors of this kind.</exception>
    public ExecutorFactory(ComputeDevice device, ExecutorKind? kind = null)
    {
        Check(device.Info, kind);
        Device = device;
        Kind = kind ?? DefaultOf(device);
    }

    /// <summary>Where plans are run.</summary>
    public ComputeDevice Device { get; }

    /// <summary>How.</summary>
    public ExecutorKind Kind { get; }

    /// <summary>Whether the device runs executors of this kind unless it is told otherwise.</summary>
    internal bool IsDefault => Kind == DefaultOf(Device);

    /// <summary>
    /// What decides the bits of results besides the device and the kind, in words that are equal where the bits are: for
    /// SIMD code the width of the vectors and how products are rounded; null elsewhere.
    /// </summary>
    public string? Arithmetic => Kind == ExecutorKind.Simd ? SimdArithmetic.Text : null;

    /// <summary>Where and how, in words.</summary>
    public override string ToString()
    {
        string threads = Device.Threads switch
        {
            0 => "",
            1 => ", 1 thread",
            _ => $", {Device.Threads} threads",
        };
        return $"{Device.Name} ({Device.Selector}), {Kind.ToString().ToLowerInvariant()} executor{threads}";
    }

    private static ExecutorKind DefaultOf(ComputeDevice device) =>
        device.Kind == DeviceKind.Cpu ? ExecutorKind.Simd : ExecutorKind.Kernels;

    /// <summary>Checks what the constructor would refuse, before the device is opened.</summary>
    /// <param name="device">The device as listed.</param>
    /// <param name="kind">The kind; null fits every device.</param>
    /// <exception cref="InputException">The device does not run executors of this kind.</exception>
    public static void Check(DeviceInfo device, ExecutorKind? kind)
    {
        if (kind == ExecutorKind.Simd && device.Kind != DeviceKind.Cpu)
        {
            throw new InputException(
                $"{device.Description}: the SIMD executor runs on the CPU only; choose the device cpu or the executor kernels");
        }
    }

    /// <summary>
    /// Begins to compile on another thread what does not depend on a plan; on the CPU this takes a tenth of a second. Executors
    /// can be made and given samples meanwhile.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The device is closed.</exception>
    public void Prepare()
    {
        Device.CheckAlive();
        if (Kind == ExecutorKind.Simd)
            Device.Prepare(() => Workers.Prepare(Device));
    }

    /// <summary>Makes an executor, which has no parameters yet.</summary>
    /// <param name="plan">What it runs.</param>
    /// <exception cref="ObjectDisposedException">The device is closed.</exception>
    /// <exception cref="MemoryException">The network does not fit into the device's memory.</exception>
    /// <exception cref="InputException">The device's driver does not compile the kernels.</exception>
    public IExecutor Create(NetworkPlan plan)
    {
        Device.CheckAlive();
        if (Kind == ExecutorKind.Simd)
            return new SimdExecutor(plan, Device);
        try
        {
            return new KernelExecutor(plan, Device);
        }
        catch (AcceleratorException error)
        {
            throw Device.Failure("make the kernels ready", error);
        }
    }
}
