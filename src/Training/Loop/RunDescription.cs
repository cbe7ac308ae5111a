using System.Reflection;
using System.Runtime.InteropServices;
using IlgpuDistance.Gpu.Execution;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Loop;

/// <summary>What a training is and how it ended: the content of <c>run.json</c>.</summary>
public sealed record RunDescription
{
    /// <summary>The network, as <see cref="Gpu.Networks.Network.Parse"/> reads it.</summary>
    public required string Model { get; init; }

    /// <summary>Number of parameters.</summary>
    public required int Parameters { get; init; }

    /// <summary>Every option of the command line by name, as given or by default.</summary>
    public required IReadOnlyDictionary<string, object?> Options { get; init; }

    /// <summary>The data.</summary>
    public required RunData Data { get; init; }

    /// <summary>The device.</summary>
    public required RunDevice Device { get; init; }

    /// <summary>The software.</summary>
    public RunVersions Versions { get; init; } = RunVersions.Current();

    /// <summary>When it began.</summary>
    public DateTimeOffset Started { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>How far it has come.</summary>
    public TrainingOutcome Outcome { get; init; }

    /// <summary>Why it diverged, naming the epoch; null where it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>The last row of the metrics; null while it runs.</summary>
    public EpochRecord? Final { get; init; }

    /// <summary>Wall time of all epochs, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>The data of a training.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Location">Where it lies.</param>
/// <param name="TrainCount">Images to train on.</param>
/// <param name="TestCount">Images to test on.</param>
/// <param name="Inputs">Pixels per image.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Scale">The factor in x = scale · pixel + shift.</param>
/// <param name="Shift">The summand in x = scale · pixel + shift.</param>
/// <param name="Md5">MD5 of each file's uncompressed content, by name.</param>
public sealed record RunData(
    string Name, string Location, int TrainCount, int TestCount, int Inputs, int Classes, float Scale, float Shift,
    IReadOnlyDictionary<string, string> Md5)
{
    /// <summary>Describes a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="train">Its training images as the network sees them.</param>
    public static RunData Of(Dataset dataset, Samples train) => new(
        dataset.Name, dataset.Location, dataset.Train.Count, dataset.Test.Count, train.Width, dataset.Classes, train.Scale, train.Shift,
        dataset.Files.ToDictionary(file => file.Name, file => file.Md5));
}

/// <summary>The device of a training.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Selector">The text that chooses it, e.g. <c>cuda:0</c>.</param>
/// <param name="Kind">CPU, CUDA or OpenCL.</param>
/// <param name="Executor">How the network ran on it.</param>
/// <param name="Threads">Threads of the CPU that computed; null on other devices.</param>
public sealed record RunDevice(string Name, string Selector, string Kind, ExecutorKind Executor, int? Threads);

/// <summary>The software of a training.</summary>
/// <param name="Program">Version of this program.</param>
/// <param name="DotNet">Version of the run-time.</param>
/// <param name="Ilgpu">Version of ILGPU.</param>
/// <param name="OperatingSystem">Name and version of the operating system.</param>
/// <param name="Architecture">Architecture of the process.</param>
public sealed record RunVersions(string Program, string DotNet, string Ilgpu, string OperatingSystem, string Architecture)
{
    /// <summary>The software that is running.</summary>
    public static RunVersions Current() => new(
        Version(typeof(RunVersions).Assembly.GetName()),
        Environment.Version.ToString(),
        Version(typeof(IExecutor).Assembly.GetReferencedAssemblies().FirstOrDefault(assembly => assembly.Name == "ILGPU")),
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString());

    private static string Version(AssemblyName? assembly) => assembly?.Version?.ToString(3) ?? "unknown";
}
