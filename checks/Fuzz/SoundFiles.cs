using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>
/// The sound files that damage begins with: those of a tiny training, written by the program itself but with figures and times
/// that are the same on every machine.
/// </summary>
internal static class SoundFiles
{
    /// <summary>Epochs of the training.</summary>
    public const int Epochs = 3;

    private const int Height = 4, Width = 3, Classes = 3, TrainCount = 12, TestCount = 6;
    private const string Network = "linear(4) > abs > offset-l2(3) > neg";

    /// <summary>The data set.</summary>
    public static Dataset Data { get; } = new()
    {
        Name = "tiny",
        Location = "nowhere",
        Train = Images(TrainCount),
        Test = Images(TestCount),
        Classes = Classes,
        Files = [new DataFile("train-images-idx3-ubyte", 160, new('a', 32), new('b', 32))],
    };

    /// <summary>The network.</summary>
    public static NetworkPlan Plan { get; } = NetworkPlan.Compile(Gpu.Networks.Network.Parse(Network), Height * Width, Classes);

    /// <summary>The parameters.</summary>
    public static float[] Parameters { get; } = [.. Enumerable.Range(0, Plan.ParameterCount).Select(i => (i - 40) / 64f)];

    /// <summary>How it is trained.</summary>
    private static TrainingSettings Training =>
        new() { Options = new TrainingOptions { Epochs = Epochs, Optimizer = new Momentum() } };

    /// <summary>The description of the run while it goes on.</summary>
    public static RunDescription Running { get; } = new()
    {
        Model = Network,
        Parameters = Plan.ParameterCount,
        Training = Training,
        Data = RunData.Of(Data, Data.TrainSamples(InputScaling.Raw)),
        Device = new RunDevice("some processor", "cpu", "cpu", ExecutorKind.Simd, 2),
        Versions = new RunVersions("0.1.0", "10.0.0", "1.5.3", "some system", "X64"),
        Started = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The description of the run when it is complete.</summary>
    public static RunDescription Completed { get; } = Running with
    {
        Outcome = TrainingOutcome.Completed,
        Final = RecordOf(Epochs),
        Seconds = 1.75,
    };

    /// <summary>The description of a run that diverged.</summary>
    public static RunDescription Diverged { get; } = Running with
    {
        Outcome = TrainingOutcome.Diverged,
        Reason = "the loss of epoch 1 is NaN",
        Final = RecordOf(1) with { Loss = double.NaN, TestAccuracy = null },
    };

    /// <summary>The run's description as older versions wrote it.</summary>
    public static byte[] OldRun
    {
        get
        {
            JsonObject run = JsonNode.Parse(Json(Completed))!.AsObject();
            run.Remove("training");
            run["options"] = JsonNode.Parse(
                $$"""{"epochs":{{Epochs}},"lr":0.001,"batch-size":"full","seed":0,"init":null,"input-scale":"raw"}""");
            return Encoding.UTF8.GetBytes(run.ToJsonString());
        }
    }

    /// <summary>The record of a process that owns a folder.</summary>
    public static OwnerRecord Owner { get; } =
        new("0123456789abcdef", 1, "100", "pid:[1]", "here", "machine", "boot", DateTime.UnixEpoch, 3, IsLocked: true);

    /// <summary>The experiment of that run and another.</summary>
    public static ExperimentDescription Experiment { get; } = new()
    {
        Models =
        [
            new ExperimentModel("mine", "mine", Network),
            new ExperimentModel("ReLU", "ReLU", "linear(5) > relu > linear(3)"),
            ExperimentModel.Variant(
                new ExperimentModel("mine", "mine", Network), new Dictionary<string, string> { ["lr"] = "0.5" }, Training,
                Running.Data),
        ],
        Runs = 2,
        Epochs = Epochs,
        Training = Training,
        Data = Running.Data,
        Versions = Running.Versions,
        Started = DateTimeOffset.UnixEpoch,
    };

    /// <summary>earlier.csv with a run of the experiment.</summary>
    public static byte[] Earlier => Encoding.UTF8.GetBytes(
        "model,run,test_accuracy,train_accuracy,loss,seconds,device\n" +
        "mine,0,95.5,96.25,0.125,10.5,machine, simd executor\n");

    /// <summary>A template with every kind of placeholder; none of its experiments is there.</summary>
    public static byte[] Template => Encoding.UTF8.GetBytes(
        "# Page\n\n{{a: table accuracy}}\n\n{{a: figure accuracy}}\n\n{{a: findings claims}}\n\n{{a: verdicts}}\n\n" +
        "{{a: mean Abs}} {{compare: a Abs above b ReLU by 0.5}}\n\n{{runs: a, b}}\n");

    /// <summary>The row of an epoch.</summary>
    public static EpochRecord RecordOf(int epoch) =>
        new(epoch, 1.0 / (1 + epoch), 50 + 10 * epoch, epoch == 1 ? null : 40 + 10 * epoch, 0.25);

    /// <summary>metrics.csv up to an epoch.</summary>
    public static byte[] Metrics(int epochs)
    {
        IEnumerable<string> rows = Enumerable.Range(0, epochs + 1).Select(epoch => MetricsFile.Line(RecordOf(epoch)));
        return Encoding.UTF8.GetBytes(string.Concat(rows.Prepend(MetricsFile.Header).Select(line => line + "\n")));
    }

    /// <summary>A value as the program writes it.</summary>
    public static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonFile.Options);

    /// <summary>A checkpoint after an epoch.</summary>
    public static byte[] Checkpoint(FuzzFolder files, int epoch)
    {
        byte[] metrics = Metrics(epoch - 1);
        string path = files["sound/checkpoint"];
        var mark = new MetricsMark(metrics.Length, Convert.ToHexStringLower(SHA256.HashData(metrics)));
        var state = new TrainingState(
            epoch, Parameters, 0.25 * (epoch + 1), RecordOf(epoch),
            new OptimizerState(epoch, [new StateTensor("velocity", Parameters)]));
        CheckpointFile.Write(path, new Checkpoint(state, mark, null));
        return File.ReadAllBytes(path);
    }

    /// <summary>A saved model.</summary>
    public static byte[] Model(FuzzFolder files)
    {
        string path = files["sound/model.safetensors"];
        SavedModel.Save(path, Plan, Parameters, new ModelDescription
        {
            Model = Network,
            Inputs = Plan.Inputs,
            Classes = Classes,
            DataSet = Data.Name,
            InputScale = "raw",
            Scale = 1,
            Shift = 0,
        });
        return File.ReadAllBytes(path);
    }

    /// <summary>An IDX file of images.</summary>
    public static byte[] IdxImages(int count) =>
        [0, 0, 8, 3, .. BigEndian(count), .. BigEndian(Height), .. BigEndian(Width), .. Images(count).Pixels.Span];

    /// <summary>An IDX file of labels.</summary>
    public static byte[] IdxLabels(int count) => [0, 0, 8, 1, .. BigEndian(count), .. Images(count).Labels.Span];

    /// <summary>Compressed bytes with a right checksum.</summary>
    public static byte[] Gzip(byte[] content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(content);
        return compressed.ToArray();
    }

    private static ImageSet Images(int count) => new(
        Enumerable.Range(0, count * Height * Width).Select(i => (byte)(37 * i)).ToArray(),
        Enumerable.Range(0, count).Select(i => (byte)(i % Classes)).ToArray(), Height, Width);

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
