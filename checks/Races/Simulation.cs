using ILGPU.Runtime;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using Kernel = IlgpuDistance.Gpu.Kernels.Kernel;

namespace IlgpuDistance.Checks.Races;

/// <summary>Runs cases on a simulated device, one launch at a time.</summary>
/// <param name="device">The device, which is disposed with this.</param>
internal abstract class Simulation(ComputeDevice device) : ILaunchObserver, IDisposable
{
    /// <summary>The simulated device.</summary>
    public ComputeDevice Device { get; } = device;

    /// <summary>Its accelerator.</summary>
    public Accelerator Accelerator => Device.AcceleratorFor(Tiles.GroupSize);

    /// <summary>Runs a case on the simulator and with the SIMD executor.</summary>
    /// <returns>A line for each result that differs.</returns>
    public IEnumerable<string> Run(SimulatedCase @case)
    {
        NetworkPlan plan = @case.Plan();
        using var kernels = new KernelExecutor(plan, Device, @case.LargestChunk);
        kernels.Queue.Observer = this;
        SimulatedResults actual = SimulatedResults.Of(@case, kernels, BeginPass);

        using ComputeDevice cpu = ComputeDevice.Open("cpu", threads: 1);
        using IExecutor simd = new ExecutorFactory(cpu).Create(plan);
        SimulatedResults expected = SimulatedResults.Of(@case, simd, () => { });
        return expected.DifferencesTo(actual);
    }

    /// <summary>Called before launches that read what the host or kernels wrote to new buffers.</summary>
    protected virtual void BeginPass() { }

    /// <inheritdoc/>
    public virtual void BeforeLaunch() { }

    /// <inheritdoc/>
    public void AfterLaunch(Kernel kernel, in WorkShape shape) => Finish(kernel.Name, shape);

    /// <summary>Notes what was launched, and waits for it.</summary>
    public abstract void Finish(string name, in WorkShape shape);

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();
}
