using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Runs;

/// <summary>All that decides a training but the device.</summary>
internal sealed class TrainingSetup
{
    /// <summary>The network.</summary>
    public required NetworkPlan Plan { get; init; }

    /// <summary>The data.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>What the network sees of a pixel.</summary>
    public required InputScaling InputScale { get; init; }

    /// <summary>How to train.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The parameters to begin with; null means that they are drawn with the options' seed.</summary>
    public float[]? InitialParameters { get; init; }

    /// <summary>Where these are from, for the record; null where they are drawn.</summary>
    public string? InitialModel { get; init; }

    /// <summary>The SHA-256 of that file; null where there is none.</summary>
    public string? InitialModelSha256 { get; init; }

    /// <summary>Whether runs differ: by the weights that are drawn for them, or the order of their batches.</summary>
    public bool IsRandom => InitialParameters is null || Options.BatchSize != TrainingOptions.FullBatch;

    /// <summary>What is recorded of how it is trained, and has to be the same where it goes on.</summary>
    public TrainingSettings Settings => new()
    {
        InputScale = InputScale,
        InitialModel = InitialModel,
        InitialModelSha256 = InitialModelSha256,
        Options = Options,
    };

    /// <summary>The state before the first epoch.</summary>
    public TrainingState Start => new(0, InitialParameters ?? Initialisation.Draw(Plan, Options.Seed, Options.Run));

    /// <summary>The samples to train on.</summary>
    public Samples TrainSamples => Dataset.TrainSamples(InputScale);

    /// <summary>The samples to test on.</summary>
    public Samples TestSamples => Dataset.TestSamples(InputScale);

    /// <summary>The same training from other initial weights: another of the runs with its seed.</summary>
    /// <param name="run">Which of them, from 0.</param>
    public TrainingSetup ForRun(int run) => new()
    {
        Plan = Plan,
        Dataset = Dataset,
        InputScale = InputScale,
        Options = Options with { Run = run },
        InitialParameters = InitialParameters,
        InitialModel = InitialModel,
        InitialModelSha256 = InitialModelSha256,
    };

    /// <summary>Describes the training on a device, before it begins.</summary>
    public RunDescription Describe(RunDevice device) => new()
    {
        Model = Plan.Network.ToString(),
        Parameters = Plan.ParameterCount,
        Run = Options.Run,
        Training = Settings,
        Data = RunData.Of(Dataset, TrainSamples),
        Device = device,
    };

    /// <summary>Describes the network for the file in which it is saved.</summary>
    public ModelDescription DescribeModel()
    {
        Samples train = TrainSamples;
        return new ModelDescription
        {
            Model = Plan.Network.ToString(),
            Inputs = Plan.Inputs,
            Classes = Plan.Classes,
            DataSet = Dataset.Name,
            InputScale = InputScale.ToString().ToLowerInvariant(),
            Scale = train.Scale,
            Shift = train.Shift,
        };
    }
}
