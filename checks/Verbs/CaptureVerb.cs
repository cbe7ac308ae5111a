using CommandLine;
using IlgpuDistance.Checks.Races;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Verbs;

[Verb("capture", Hidden = true, HelpText = "Launch all kernels on Intel's device; \"intel --runtime\" starts this.")]
internal sealed class CaptureVerb : CheckVerb, ILaunchObserver
{
    public override int Run()
    {
        // Without force: what the program asks of a device, this one has.
        using ComputeDevice device = ComputeDevice.Open("opencl:0");
        if (device.Info.Vendor?.Contains("Intel", StringComparison.Ordinal) != true)
            throw new InputException($"the OpenCL device is {device.Name}, not Intel's");
        foreach (SimulatedCase one in SimulatedCase.All)
        {
            using var kernels = new KernelExecutor(one.Plan(), device, one.LargestChunk);
            kernels.Queue.Observer = this;
            SimulatedResults.Of(one, kernels, () => { });
        }
        return 0;
    }

    /// <inheritdoc/>
    public void BeforeLaunch() { }

    /// <inheritdoc/>
    public void AfterLaunch(Kernel kernel, in WorkShape shape) =>
        Console.Out.WriteLine(new SimulatedLaunch(kernel.Name, shape));
}
