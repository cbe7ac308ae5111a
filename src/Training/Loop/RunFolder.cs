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

    private readonly string _folder;
    private readonly MetricsFile _metrics;
    private readonly RunDescription _description;

    private RunFolder(string path, RunDescription description)
    {
        _folder = path;
        _description = description;
        _metrics = new MetricsFile(PathOf(MetricsName));
        WriteDescription(description);
    }

    /// <summary>Begins a run in a folder, which is created if need be, and writes its description.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="force">Whether a run that is there is deleted.</param>
    /// <param name="description">What is run.</param>
    /// <exception cref="InputException">The folder holds a run, is a file, or cannot be written.</exception>
    public static RunFolder Begin(string path, bool force, RunDescription description)
    {
        CheckFree(path, force);
        try
        {
            Directory.CreateDirectory(path);
            foreach (string name in Names)
                File.Delete(Path.Combine(path, name));
            return new RunFolder(path, description);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--out {path}: cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Checks, before anything is done for it, that a run may begin in a folder.</summary>
    /// <exception cref="InputException">It holds a run that must not be replaced, or is a file.</exception>
    public static void CheckFree(string path, bool force)
    {
        if (path.Length == 0)
            throw new InputException("--out: expected a folder, found empty text");
        if (File.Exists(path))
            throw new InputException($"--out {path}: is a file; name a folder");
        string? existing = Names.FirstOrDefault(name => File.Exists(Path.Combine(path, name)));
        if (existing is not null && !force)
            throw new InputException($"--out {path}: holds a run already ({existing}); name another folder, or add --force to replace it");
    }

    /// <summary>Adds an epoch to the metrics.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(EpochRecord record) => _metrics.Append(record);

    /// <summary>Writes what the training has left: the metrics, the model if its parameters are finite, and the description.</summary>
    /// <param name="trainer">The training, which has ended.</param>
    /// <param name="plan">The network.</param>
    /// <param name="model">What the model's file says about itself.</param>
    /// <exception cref="IOException">A file cannot be written, e.g. because the disk is full.</exception>
    public void Complete(Trainer trainer, NetworkPlan plan, ModelDescription model)
    {
        try
        {
            _metrics.Complete();
        }
        finally
        {
            // Each is written even if the other cannot be, such as for lack of room.
            float[] parameters = trainer.ReadState().Parameters;
            if (parameters.All(float.IsFinite))
                SavedModel.Save(PathOf(ModelName), plan, parameters, model);
        }
        WriteDescription(_description with
        {
            Outcome = trainer.Outcome,
            Reason = trainer.Divergence,
            Final = trainer.Last,
            Seconds = trainer.Seconds,
        });
    }

    /// <summary>Closes the files.</summary>
    public void Dispose() => _metrics.Dispose();

    private void WriteDescription(RunDescription content) => AtomicFile.Write(PathOf(RunName), stream =>
    {
        JsonSerializer.Serialize(stream, content, Json);
        stream.WriteByte((byte)'\n');
    });

    private string PathOf(string name) => Path.Combine(_folder, name);
}
