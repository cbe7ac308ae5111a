using CommandLine;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Cli.Verbs;

/// <summary>A verb that runs a network on a device, and the options that choose the device.</summary>
internal abstract class ComputeVerb : DataOptionsVerb
{
    /// <summary>What the option of this name means for every verb that has it.</summary>
    internal const string ForceOpenClHelp =
        "Use also OpenCL devices that offer only OpenCL 1.2, where ILGPU asks for 2.0, at your own risk.";

    [Option("offset-l2-form", Default = OffsetL2Form.Paper,
        HelpText = "How alpha enters in OffsetL2 where the model does not say: squared as in the paper, or as in the " +
            "author's reference code.")]
    public OffsetL2Form OffsetL2Form { get; set; }

    [Option("device", Default = "auto", MetaValue = "DEVICE",
        HelpText = "auto, cpu, cuda, opencl, cuda:N or opencl:N; \"ilgpu-distance devices\" lists them.")]
    public string Device { get; set; } = "auto";

    [Option("force-opencl", HelpText = ForceOpenClHelp)]
    public bool ForceOpenCl { get; set; }

    [Option("executor", HelpText = "How the network runs. Default: simd on the CPU, kernels elsewhere.")]
    public ExecutorKind? Executor { get; set; }

    [Option("threads", MetaValue = "N", HelpText = "Worker threads of the CPU. Default: one per logical processor.")]
    public int? Threads { get; set; }

    /// <summary>
    /// Loads the data and opens the device that the options choose, which takes about as long, at the same time. A device that
    /// cannot be used is refused before.
    /// </summary>
    /// <param name="quiet">Whether a download is not shown.</param>
    /// <param name="profiling">Whether launches on the device are to be timed.</param>
    /// <exception cref="Gpu.Errors.InputException">One of the two cannot be used.</exception>
    protected (ResolvedDataset Data, ExecutorFactory Executors) LoadDatasetAndOpenDevice(
        bool quiet = false, bool profiling = false) =>
        Load(DatasetRequest, quiet, profiling);

    /// <inheritdoc cref="LoadDatasetAndOpenDevice(bool, bool)"/>
    /// <param name="request">The data.</param>
    /// <param name="quiet">Whether a download is not shown.</param>
    protected (ResolvedDataset Data, ExecutorFactory Executors) LoadDatasetAndOpenDevice(DatasetRequest request, bool quiet) =>
        Load(request, quiet, profiling: false);

    /// <summary>The same for a network that was trained: on the data of its training where the options name none.</summary>
    /// <param name="trained">The data of the training.</param>
    /// <exception cref="Gpu.Errors.InputException">
    /// One of the two cannot be used, or the data of the training cannot be had.
    /// </exception>
    protected (ResolvedDataset Data, ExecutorFactory Executors) LoadDatasetAndOpenDevice(TrainedData trained)
    {
        var (data, executors) = Load(trained.Complete(DatasetRequest), quiet: false, profiling: false);
        try
        {
            return (trained.Confirm(data, DatasetRequest), executors);
        }
        catch
        {
            executors.Device.Dispose();
            throw;
        }
    }

    private (ResolvedDataset Data, ExecutorFactory Executors) Load(DatasetRequest request, bool quiet, bool profiling)
    {
        ExecutorFactory.Check(ComputeDevice.Check(Device, Threads, ForceOpenCl), Executor);
        request.Check();
        Task<ExecutorFactory> opening = Task.Run(() => Open(Device, Threads, Executor, profiling));
        ResolvedDataset data = LoadDataset(request, quiet);
        ExecutorFactory executors = Waiting.For("opening the device", quiet, () => opening.GetAwaiter().GetResult());
        foreach (string problem in executors.Device.Problems)
            Terminal.Warn(problem);
        return (data, executors);
    }

    /// <summary>Opens a device and begins to compile for it what no network is needed for.</summary>
    internal ExecutorFactory Open(string device, int? threads, ExecutorKind? kind, bool profiling = false)
    {
        ComputeDevice opened = ComputeDevice.Open(device, threads, ForceOpenCl, profiling);
        try
        {
            var executors = new ExecutorFactory(opened, kind);
            executors.Prepare();
            return executors;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>An option's value as the user writes it.</summary>
    protected static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
