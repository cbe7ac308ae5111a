using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Loop;

/// <summary>
/// The folder in which a training leaves its results: <c>run.json</c> (what it was and how it ended), <c>metrics.csv</c>
/// (one line per epoch) and <c>model.safetensors</c> (the parameters, if they are finite). Of a training that was killed
/// there remain a <c>run.json</c> whose outcome is "running" and <c>metrics.csv.partial</c>.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string RunName = "run.json";
    private const string MetricsName = "metrics.csv";
    private const string ModelName = "model.safetensors";

    private static readonly string[] Names = [RunName, MetricsName, MetricsName + MetricsFile.PartialSuffix, ModelName];

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly string folder;
    private readonly MetricsFile metrics;
    private readonly RunDescription description;
    private EpochRecord? last;
    private double seconds;

    private RunFolder(string path, RunDescription description)
    {
        folder = path;
        this.description = description;
        metrics = new MetricsFile(PathOf(MetricsName));
        WriteDescription(description);
    }

    /// <summary>Begins a run in a folder, which is created if need be, and writes its description.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="force">Whether a run that is there is deleted.</param>
    /// <param name="description">What is run.</param>
    /// <exception cref="InputException">The folder holds a run, is a file, or cannot be written.</exception>
    public static RunFolder Begin(string path, bool force, RunDescription description)
    {
        try
        {
            if (File.Exists(path))
                throw new InputException($"--out {path}: is a file; name a folder");
            Directory.CreateDirectory(path);
            string[] existing = [.. Names.Where(name => File.Exists(Path.Combine(path, name)))];
            if (existing.Length > 0 && !force)
                throw new InputException($"--out {path}: holds a run already ({existing[0]}); name another folder, or add --force to replace it");
            foreach (string name in existing)
                File.Delete(Path.Combine(path, name));
            return new RunFolder(path, description);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--out {path}: cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Adds an epoch to the metrics.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record)
    {
        metrics.Append(record);
        last = record;
        seconds += record.Seconds;
    }

    /// <summary>Writes what the training has left: the metrics, the model if its parameters are finite, and the description.</summary>
    /// <param name="trainer">The training, which has ended.</param>
    /// <param name="plan">The network.</param>
    /// <param name="model">What the model's file says about itself.</param>
    /// <exception cref="IOException">A file cannot be written, e.g. because the disk is full.</exception>
    public void Complete(Trainer trainer, NetworkPlan plan, ModelDescription model)
    {
        float[] parameters = trainer.ReadState().Parameters;
        if (parameters.All(float.IsFinite))
            SavedModel.Save(PathOf(ModelName), plan, parameters, model);
        metrics.Complete();
        WriteDescription(description with { Outcome = trainer.Outcome, Reason = trainer.Divergence, Final = last, Seconds = seconds });
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => metrics.Dispose();

    private void WriteDescription(RunDescription content) => AtomicFile.Write(PathOf(RunName), stream =>
    {
        JsonSerializer.Serialize(stream, content, Json);
        stream.WriteByte((byte)'\n');
    });

    private string PathOf(string name) => Path.Combine(folder, name);
}
