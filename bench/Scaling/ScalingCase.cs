using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Scaling;

/// <summary>A network and its data; as it stands the main case, of which a factor changes one thing.</summary>
internal sealed record ScalingCase
{
    /// <summary>Outputs of each hidden layer.</summary>
    public int Width { get; init; } = PaperModels.HiddenWidth;

    /// <summary>Hidden layers, each with ReLU behind it.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Images to train on; there are a sixth as many to test on.</summary>
    public int Samples { get; init; } = 60_000;

    /// <summary>Pixels of an image's row and column.</summary>
    public int Side { get; init; } = 28;

    /// <summary>Share of the pixels that are not zero, in percent.</summary>
    public int Density { get; init; } = 19;

    /// <summary>Samples per step; more than there are mean all.</summary>
    public int BatchSize { get; init; } = int.MaxValue;

    public int Threads { get; init; } = Math.Min(Environment.ProcessorCount, CpuDevices.MostThreads);

    /// <summary>Draws the images.</summary>
    public Workload DrawWorkload() => SyntheticImages.Draw(Samples, Side, Density / 100.0);

    /// <summary>Whether two cases have the same images.</summary>
    public bool HasWorkloadOf(ScalingCase other) =>
        (Samples, Side, Density) == (other.Samples, other.Side, other.Density);

    /// <summary>The network for its images.</summary>
    public NetworkPlan Plan(Workload workload)
    {
        IEnumerable<Layer> hidden = Enumerable.Range(0, Depth).SelectMany(_ => new Layer[] { new Linear(Width), new ReLU() });
        return workload.Plan(new Network([.. hidden, new Linear(workload.Classes, Bias: false)]));
    }

    /// <summary>Makes ready what is to be timed.</summary>
    public SimdEpochs Prepare(NetworkPlan plan, Workload workload) =>
        new(plan, Initialisation.Draw(plan, seed: 0), workload, BatchSize, Threads, EpochCase.LearningRate);
}
