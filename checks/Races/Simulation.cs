using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Execution;
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
    /// <summary>Largest difference from the SIMD executor, relative to the largest value.</summary>
    private const double Tolerance = 1e-4;

    private bool _isNewPass;

    /// <summary>The simulated device.</summary>
    public ComputeDevice Device { get; } = Open();

    /// <summary>
    /// One step of training and one evaluation on the simulator and with the SIMD executor. Where results differ, a line on
    /// standard error says so.
    /// </summary>
    public void Run(SimulatedCase @case)
    {
        NetworkPlan plan = @case.Plan();
        Samples samples = @case.Samples();
        using var kernels = new KernelExecutor(plan, Device, @case.LargestChunk);
        kernels.Queue.Observer = this;
        Results actual = Results.Of(kernels, samples, SimulatedCase.Parameters(plan), () => _isNewPass = true);

        using ComputeDevice cpu = ComputeDevice.Open("cpu", threads: 1, ExecutorKind.Simd);
        using IExecutor simd = cpu.CreateExecutor(plan);
        Results expected = Results.Of(simd, samples, SimulatedCase.Parameters(plan), () => { });
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
        Device.Accelerator.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose() => Device.Dispose();

    /// <summary>
    /// Writes to each buffer what is in it, as a whole. Oclgrind 21.10 takes no more of a buffer for initialised than its last
    /// write from the host (Uninitialized::hostMemoryStore), and a buffer that is filled with zeros is written byte by byte.
    /// </summary>
    private void RewriteBuffers()
    {
        var buffers = new List<MemoryBuffer>();
        typeof(Accelerator).GetMethod("ForEachChildObject", BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(typeof(MemoryBuffer)).Invoke(Device.Accelerator, [(Action<MemoryBuffer>)buffers.Add]);
        foreach (ArrayView<byte> bytes in buffers.Select(buffer => buffer.AsRawArrayView()))
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

    private sealed record Results(double Loss, int Correct, float[] Gradients, float[] Parameters, double LossAfterStep)
    {
        public static Results Of(IExecutor executor, Samples samples, float[] parameters, Action beginPass)
        {
            NetworkPlan plan = executor.Plan;
            executor.SetParameters(parameters);
            using IDeviceSamples uploaded = executor.Upload(samples);
            beginPass();
            PassMetrics training = executor.TrainEpoch(uploaded, learningRate: 0.01f);
            float[] gradients = new float[plan.ParameterCount], trained = new float[plan.ParameterCount];
            executor.GetGradients(gradients);
            executor.GetParameters(trained);
            beginPass();
            PassMetrics evaluation = executor.Evaluate(uploaded);
            return new Results(training.LossSum, training.Correct, gradients, trained, evaluation.LossSum);
        }

        public IEnumerable<string> DifferencesTo(Results actual) => new[]
        {
            Compare("loss", [(float)Loss], [(float)actual.Loss]), Compare("right predictions", [Correct], [actual.Correct]),
            Compare("gradients", Gradients, actual.Gradients), Compare("parameters", Parameters, actual.Parameters),
            Compare("loss after the step", [(float)LossAfterStep], [(float)actual.LossAfterStep]),
        }.OfType<string>();

        private static string? Compare(string what, float[] expected, float[] actual)
        {
            double scale = expected.Max(value => Math.Abs(value));
            double difference = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
            return difference <= Tolerance * scale ? null : $"{what}: differs by {difference:g3} from the SIMD executor's, of at most {scale:g3}";
        }
    }
}
