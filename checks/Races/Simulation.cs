using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using Kernel = IlgpuDistance.Gpu.Kernels.Kernel;

namespace IlgpuDistance.Checks.Races;

/// <summary>
/// What runs inside Oclgrind: a case on the simulated device, one launch at a time. Before the simulator's reports on each a
/// line on standard error names the kernel.
/// </summary>
internal sealed class Simulation : ILaunchObserver, IDisposable
{
    private bool _isNewPass;

    /// <summary>The simulated device.</summary>
    public ComputeDevice Device { get; } = Open();

    /// <summary>Its accelerator.</summary>
    public Accelerator Accelerator => Device.AcceleratorFor(Tiles.GroupSize);

    /// <summary>
    /// Runs a case on the simulator and with the SIMD executor. Where results differ, a line on standard error says so.
    /// </summary>
    public void Run(SimulatedCase @case)
    {
        NetworkPlan plan = @case.Plan();
        using var kernels = new KernelExecutor(plan, Device, @case.LargestChunk);
        kernels.Queue.Observer = this;
        SimulatedResults actual = SimulatedResults.Of(@case, kernels, () => _isNewPass = true);

        using ComputeDevice cpu = ComputeDevice.Open("cpu", threads: 1);
        using IExecutor simd = new ExecutorFactory(cpu).Create(plan);
        SimulatedResults expected = SimulatedResults.Of(@case, simd, () => { });
        foreach (string difference in expected.DifferencesTo(actual))
            Console.Error.WriteLine(difference);
    }

    /// <inheritdoc/>
    public void BeforeLaunch()
    {
        if (_isNewPass)
            RewriteBuffers();
        _isNewPass = false;
    }

    /// <inheritdoc/>
    public void AfterLaunch(Kernel kernel, in WorkShape shape) => Finish(kernel.Name, shape);

    /// <summary>Names what was launched and waits for the simulator, which begins only now.</summary>
    public void Finish(string name, in WorkShape shape)
    {
        Console.Error.WriteLine(new SimulatedLaunch(name, shape));
        Accelerator.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();

    /// <summary>
    /// Writes to each buffer what is in it, as a whole. Oclgrind 21.10 takes no more of a buffer for initialised than its last
    /// write from the host (Uninitialized::hostMemoryStore), and a buffer that is filled with zeros is written byte by byte. One
    /// that the host has not written at all is uninitialised to it, whatever kernels wrote.
    /// </summary>
    private void RewriteBuffers()
    {
        var buffers = new List<MemoryBuffer>();
        typeof(Accelerator).GetMethod("ForEachChildObject", BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(typeof(MemoryBuffer)).Invoke(Accelerator, [(Action<MemoryBuffer>)buffers.Add]);
        foreach (ArrayView<byte> bytes in buffers.Where(buffer => !buffer.IsDisposed).Select(buffer => buffer.AsRawArrayView()))
            bytes.CopyFromCPU(bytes.GetAsArray());
    }

    /// <summary>Oclgrind has but one device, and hides all others.</summary>
    private static ComputeDevice Open()
    {
        ComputeDevice device = ComputeDevice.Open("opencl:0", forceOpenCl: true);
        if (device.Info.Driver?.Contains("Oclgrind", StringComparison.Ordinal) == true)
            return device;
        string name = device.Name;
        device.Dispose();
        throw new InputException($"the OpenCL device is {name}, not Oclgrind's; this runs inside oclgrind only");
    }
}
