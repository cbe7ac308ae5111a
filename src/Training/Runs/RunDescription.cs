using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Runs;

/// <summary>What a training is and how it ended: the content of <c>run.json</c>.</summary>
internal sealed record RunDescription : IChecked
{
    /// <summary>The network, as <see cref="Gpu.Networks.Network.Parse"/> reads it.</summary>
    public required string Model { get; init; }

    /// <summary>Number of parameters.</summary>
    public required int Parameters { get; init; }

    /// <summary>Which of several runs with the same seed, counted from 0; each has its own initial weights.</summary>
    public int Run { get; init; }

    /// <summary>How it is trained.</summary>
    public TrainingSettings Training
    {
        get => field ??= OldOptions.ToSettings(Options ?? [], Final?.Epoch ?? 0);
        init;
    }

    /// <summary>What older versions wrote in place of <see cref="Training"/>.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal Dictionary<string, JsonElement>? Options { get; init; }

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

    /// <summary>
    /// What is wrong with the network although its loss is finite, see <see cref="ConstantOutputs"/>; null where nothing is,
    /// while it runs, and from versions that did not keep it.
    /// </summary>
    public string? Defect { get; init; }

    /// <summary>
    /// The last row of the metrics; null while it runs. Of an interrupted training it has the test accuracy even where the
    /// row has none.
    /// </summary>
    public EpochRecord? Final { get; init; }

    /// <summary>Wall time of all epochs, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>
    /// SHA-256 of the metrics and of the model, if there is one, by the files' names; null while it runs, and from versions
    /// that did not keep it.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Sha256 { get; init; }

    /// <summary>Whether the metrics have been thinned: not every epoch has a row; see <see cref="MetricsText.Thin"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsThinned { get; init; }

    /// <summary>Epochs asked for.</summary>
    [JsonIgnore]
    public int Epochs => Training.Options.Epochs;

    /// <summary>Whether it has come to its end.</summary>
    [JsonIgnore]
    public bool IsFinished => Outcome is TrainingOutcome.Completed or TrainingOutcome.Diverged;

    /// <summary>Checks that a run that was begun is the one that is wanted now.</summary>
    /// <param name="wanted">What is to be run.</param>
    /// <param name="folder">The folder of the run that was begun.</param>
    /// <exception cref="InputException">Something that decides the result is different; the message names it.</exception>
    public void CheckSame(RunDescription wanted, string folder) => CheckSame(wanted, folder, []);

    /// <summary>The same but for the number of epochs, where the run with more begins like the one with fewer.</summary>
    /// <inheritdoc cref="CheckSame(RunDescription, string)"/>
    public void CheckSameButEpochs(RunDescription wanted, string folder)
    {
        CheckSame(wanted, folder, [Settings.Epochs]);
        if (Epochs != wanted.Epochs && Training.Options.Schedule is { DependsOnEpochs: true } schedule)
        {
            throw new InputException(
                $"{Settings.Epochs} {wanted.Epochs}: {folder} was begun with {Settings.Epochs} {Epochs}, on which every " +
                    $"learning rate of " +
                $"{Settings.Schedule} {schedule} depends; use that, or name another folder{Hint.With(Settings.OutputFolder)}");
        }
    }

    /// <summary>This run with as many epochs as another.</summary>
    internal RunDescription WithEpochsOf(RunDescription other) => this with
    {
        Training = Training with { Options = Training.Options with { Epochs = other.Epochs } },
        Options = null,
    };

    private void CheckSame(RunDescription wanted, string folder, IReadOnlyList<Setting> except)
    {
        if (Model != wanted.Model)
            throw TrainingSettings.Different(Settings.Model, Model, wanted.Model, folder);
        if (Run != wanted.Run)
            throw TrainingSettings.Different(Settings.Run, $"{Run}", $"{wanted.Run}", folder);
        Training.CheckSame(wanted.Training, folder, except);
        if (!Data.IsSameAs(wanted.Data))
            throw Data.Mismatch(wanted.Data, folder);
    }

    /// <summary>What the file of a run has.</summary>
    void IChecked.Check()
    {
        Expect.Valid(Training);
        Expect.Valid(Data);
        Expect.Valid(Device);
        Expect.Valid(Final);
        int parameters = Expect.Network(Model, Data.Inputs, Data.Classes).ParameterCount;
        Expect.That(Parameters == parameters, $"parameters is {Parameters}, but {Model} has {parameters}");
        Expect.InRange(Run, 0);
        Expect.InRange(Seconds, 0, double.MaxValue);
        Expect.That(Final is not null || Outcome == TrainingOutcome.Running, "it has ended, but final is missing");
        if (Outcome == TrainingOutcome.Completed)
        {
            Expect.Finite(Final!.Loss);
            Expect.That(Final.TestAccuracy is not null, "it is completed, but final has no testAccuracy");
            Expect.That(Epochs == Final.Epoch, $"it is completed after {Final.Epoch} epochs, but was to have {Epochs}");
        }
    }
}

/// <summary>The data of a training.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Location">Where it lies; a folder with its whole path.</param>
/// <param name="TrainCount">Images to train on.</param>
/// <param name="TestCount">Images to test on.</param>
/// <param name="Inputs">Pixels per image.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Scale">The factor in x = scale · pixel + shift.</param>
/// <param name="Shift">The summand in x = scale · pixel + shift.</param>
/// <param name="Md5">MD5 of each file's uncompressed content, by name.</param>
internal sealed record RunData(
    string Name, string Location, int TrainCount, int TestCount, int Inputs, int Classes, float Scale, float Shift,
    IReadOnlyDictionary<string, string> Md5) : IChecked
{
    /// <summary>Describes a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="train">Its training images as the network sees them.</param>
    public static RunData Of(Dataset dataset, Samples train) => new(
        dataset.Name, PlaceOf(dataset), dataset.Train.Count, dataset.Test.Count, train.Width, dataset.Classes, train.Scale,
        train.Shift,
        dataset.Files.ToDictionary(file => file.Name, file => file.Md5));

    /// <summary>A folder as it can be found from any other.</summary>
    private static string PlaceOf(Dataset dataset) =>
        Directory.Exists(dataset.Location) ? Path.GetFullPath(dataset.Location) : dataset.Location;

    /// <summary>What a file that describes the data has.</summary>
    void IChecked.Check()
    {
        Expect.InRange(TrainCount, 1);
        Expect.InRange(TestCount, 1);
        Expect.InRange(Inputs, 1);
        Expect.InRange(Classes, 2);
        Expect.Finite(Scale);
        Expect.Finite(Shift);
        Expect.Md5(Md5);
    }

    /// <summary>Whether a network sees the same values, wherever they lie.</summary>
    public bool IsSameAs(RunData other) =>
        this with { Location = "", Md5 = NoMd5 } == other with { Location = "", Md5 = NoMd5 } &&
        Md5.Count == other.Md5.Count && Md5.All(pair => other.Md5.GetValueOrDefault(pair.Key) == pair.Value);

    /// <summary>The error that the data is not what it was when a folder was begun.</summary>
    internal InputException Mismatch(RunData now, string folder) => new(
        $"the data is {now.Text}, but {folder} was begun with {Text}; " +
        $"choose that data{Hint.With(Settings.DataFolder, Settings.Dataset)}, " +
        $"or name another folder{Hint.With(Settings.OutputFolder)}");

    private static IReadOnlyDictionary<string, string> NoMd5 { get; } = new Dictionary<string, string>();

    /// <summary>The data in words.</summary>
    internal string Text =>
        $"{Name} ({Location}; {TrainCount} and {TestCount} images in {Classes} classes, MD5 " +
            $"{string.Join(", ", Md5.OrderBy(pair => pair.Key).Select(pair => pair.Value[..8]))})";
}

/// <summary>The device of a training.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Selector">The text that chooses it, e.g. <c>cuda:0</c>.</param>
/// <param name="Kind">CPU, CUDA or OpenCL.</param>
/// <param name="Executor">How the network ran on it.</param>
/// <param name="Threads">Threads of the CPU that computed; null on other devices.</param>
/// <param name="Arithmetic">
/// What besides decided the bits, see <see cref="ExecutorFactory.Arithmetic"/>; null where nothing did, or an earlier version
/// of this program did not keep it.
/// </param>
/// <param name="IsForced">Whether the device lacks what ILGPU asks for, and was used by force.</param>
internal sealed record RunDevice(
    string Name, string Selector, string Kind, ExecutorKind Executor, int? Threads, string? Arithmetic = null,
    bool IsForced = false) : IChecked
{
    /// <summary>Describes an opened device and the executor on it.</summary>
    public static RunDevice Of(ExecutorFactory executors)
    {
        ComputeDevice device = executors.Device;
        return new(
            device.Name, device.Selector, device.Kind.ToString().ToLowerInvariant(), executors.Kind,
            device.Kind == DeviceKind.Cpu ? device.Threads : null, executors.Arithmetic, device.Info.IsForced);
    }

    /// <summary>What a file that describes the device has.</summary>
    void IChecked.Check() => Expect.InRange(Threads ?? 1, 1, name: nameof(Threads));

    /// <summary>
    /// Checks that a run that was begun on this device is to go on where it began, because others have other rounding errors.
    /// The number of threads decides no bits, nor does the place among equal devices.
    /// </summary>
    /// <param name="now">Where it is to go on.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <exception cref="InputException">It would get other bits there.</exception>
    internal void CheckSame(RunDevice now, string folder)
    {
        if (Text != now.Text)
        {
            throw new InputException(
                $"{folder}: was begun on {Text}, and on {now.Text} it would get other bits; " +
                $"choose that device{Hint.With(DeviceSettings.Device)}{new Hint("and", DeviceSettings.Executor)}, " +
                $"or delete this folder to begin the run again");
        }
        if (Arithmetic is not null && now.Arithmetic is not null && Arithmetic != now.Arithmetic)
        {
            throw new InputException(
                $"{folder}: was begun with {Arithmetic}, and with {now.Arithmetic}, as here, it would get other bits; " +
                "go on on such a processor and with its DOTNET_Enable… variables, or delete this folder to begin the run again");
        }
    }

    /// <summary>The device in words.</summary>
    internal string Text => $"{Name} ({Kind}, {Executor.ToString().ToLowerInvariant()} executor)";
}

/// <summary>The software of a training.</summary>
/// <param name="Program">Version of this program.</param>
/// <param name="DotNet">Version of the run-time.</param>
/// <param name="Ilgpu">Version of ILGPU.</param>
/// <param name="OperatingSystem">Name and version of the operating system.</param>
/// <param name="Architecture">Architecture of the process.</param>
internal sealed record RunVersions(string Program, string DotNet, string Ilgpu, string OperatingSystem, string Architecture)
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
