using System.Text.Json;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Tests;

/// <summary>
/// An experiment's folder with chosen accuracies, written without the program's own writers of JSON: the same files for the same
/// arguments. The accuracy of a run approaches its final value by halves of an eighth of the epochs.
/// </summary>
internal sealed class StoredExperiment : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<object> _models = [];
    private readonly object _data;
    private readonly int _inputs;

    public StoredExperiment(int epochs = 24, int runs = 3, bool mnist = false)
    {
        (Epochs, Runs) = (epochs, runs);
        _inputs = mnist ? 784 : 64;
        _data = mnist
            ? Data("MNIST", 60_000, 10_000, _inputs)
            : Data("digits", 1442, 355, _inputs);
        Directory.CreateDirectory(Folder);
    }

    public int Epochs { get; }

    public int Runs { get; }

    public Dictionary<string, string> Options { get; } = new() { ["lr"] = "0.001", ["batch-size"] = "full", ["seed"] = "0" };

    public string Folder => _folder["experiment"];

    public string this[string path] => Path.Combine(Folder, path);

    public void Dispose() => _folder.Dispose();

    /// <summary>Adds a model and its finished runs, numbered from 0.</summary>
    public StoredExperiment Add(string name, string network, params double[] accuracies)
    {
        _models.Add(new { name, folder = FolderOf(name), network });
        WriteDescription();
        for (int run = 0; run < accuracies.Length; run++)
            WriteRun(name, network, run, accuracies[run]);
        return this;
    }

    /// <summary>Adds the paper's six main models with accuracies that show its effects, one list of runs for each.</summary>
    public StoredExperiment AddMainModels(
        double[] relu, double[] abs, double[] relu2, double[] abs2, double[] relu2Neg, double[] abs2Neg) => this
        .Add("ReLU", "linear(128) > relu > linear(10, bias: false)", relu)
        .Add("Abs", "linear(128) > abs > linear(10, bias: false)", abs)
        .Add("ReLU2", "linear(128) > relu > linear(10, bias: false) > relu", relu2)
        .Add("Abs2", "linear(128) > abs > linear(10, bias: false) > abs", abs2)
        .Add("ReLU2-Neg", "linear(128) > relu > linear(10, bias: false) > relu > neg", relu2Neg)
        .Add("Abs2-Neg", "linear(128) > abs > linear(10, bias: false) > abs > neg", abs2Neg);

    /// <summary>Writes experiment.json again, after <see cref="Options"/> was changed.</summary>
    public void WriteDescription() => WriteJson("experiment.json", new
    {
        format = 1,
        models = _models,
        runs = Runs,
        epochs = Epochs,
        options = Options,
        data = _data,
        versions = Versions,
        started = "2025-01-02T03:04:05+00:00",
    });

    /// <summary>Writes the folder of one run.</summary>
    public void WriteRun(string name, string network, int run, double accuracy, string outcome = "completed",
        string? reason = null)
    {
        Directory.CreateDirectory(Path.Combine(Folder, FolderOf(name), $"{run}"));
        EpochRecord[] records = [.. Enumerable.Range(0, Epochs + 1).Select(epoch => RecordOf(epoch, accuracy))];
        WriteJson($"{FolderOf(name)}/{run}/run.json", new
        {
            model = network,
            parameters = NetworkPlan.Compile(Network.Parse(network), _inputs, 10).ParameterCount,
            options = new { epochs = Epochs, lr = 0.001, init = (string?)null },
            data = _data,
            device = new { name = "test", selector = "cpu", kind = "cpu", executor = "simd", threads = 1 },
            versions = Versions,
            started = "2025-01-02T03:04:05+00:00",
            outcome,
            reason,
            final = new
            {
                epoch = Epochs,
                loss = records[^1].Loss,
                trainAccuracy = records[^1].TrainAccuracy,
                testAccuracy = outcome == "completed" ? accuracy : (double?)null,
                seconds = 0.5,
            },
            seconds = 0.5 * (Epochs + 1),
        });
        IEnumerable<string> lines = records.Select(MetricsFile.Line).Prepend(MetricsFile.Header);
        File.WriteAllText(MetricsOf(name, run), string.Concat(lines.Select(line => line + "\n")));
    }

    public string MetricsOf(string name, int run) => this[$"{FolderOf(name)}/{run}/metrics.csv"];

    private EpochRecord RecordOf(int epoch, double accuracy)
    {
        double rest = epoch == Epochs ? 0 : Math.Pow(0.5, 8.0 * epoch / Epochs), reached = 1 - 0.9 * rest;
        return new EpochRecord(epoch, 0.1 + 2.2 * rest + (100 - accuracy) / 50, Math.Min(accuracy + 0.5, 100) * reached,
            accuracy * reached, 0.5);
    }

    private static object Versions =>
        new { program = "0.1.0", dotNet = "10.0.0", ilgpu = "1.5.3", operatingSystem = "test", architecture = "X64" };

    private static object Data(string name, int trainCount, int testCount, int inputs) => new
    {
        name,
        location = "test",
        trainCount,
        testCount,
        inputs,
        classes = 10,
        scale = 1,
        shift = 0,
        md5 = new Dictionary<string, string> { ["images"] = "0123456789abcdef0123456789abcdef" },
    };

    private static string FolderOf(string name) => name.ToLowerInvariant().Replace(' ', '_').Replace('>', '-');

    private void WriteJson(string path, object content) => File.WriteAllText(this[path], JsonSerializer.Serialize(content));
}
