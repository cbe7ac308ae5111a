using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Runs;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// Joins folders of one experiment, in each of which some of its runs were trained, to one folder.
/// </summary>
/// <remarks>
/// <para>
/// First all is read and checked, and nothing written: that the folders were begun with the same settings, data and versions,
/// that every run is what its place says, and that a run which was finished twice has the same bits. Of each run a finished copy
/// is taken, rather a whole than a thinned one, or, where there is none, the one that has come farthest, with its checkpoint.
/// </para>
/// <para>
/// Then each run is put together in <c>OUT/.merge</c> and gets its place by one renaming: a merge that was stopped in the midst
/// has left whole runs only, and the same command goes on. Files of finished runs, which nobody writes to, are linked where the
/// file system can do that, and else copied; those of others are copied. To be kept for long, runs can be thinned on the way.
/// </para>
/// </remarks>
internal sealed class ExperimentMerge
{
    private const string StageName = ".merge";

    private readonly string _output;
    private readonly int? _thinning;
    private readonly ExperimentDescription _merged;

    // For each folder its models by what tells them apart.
    private readonly Dictionary<string, Dictionary<string, ExperimentModel>> _modelsOf;
    private readonly List<(ExperimentModel Model, int Number, FoundRun Run)> _chosen = [];
    private readonly Action<Wording> _warn;

    /// <summary>Reads and checks the folders.</summary>
    /// <param name="sources">The folders of the parts; they are not changed.</param>
    /// <param name="output">The folder of the whole, in which a part may be already.</param>
    /// <param name="thinning">
    /// Takes finished runs only, and of their metrics the rows that <see cref="MetricsText.Thin"/> leaves with this number; null
    /// takes all as it is.
    /// </param>
    /// <param name="warn">Told in one sentence which copy of a run is left out, and why.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputException">
    /// The folders do not belong together; the message says which, and where they differ.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ExperimentMerge(
        IReadOnlyList<string> sources, string output, int? thinning, Action<Wording> warn, CancellationToken cancellation)
    {
        _output = output;
        _thinning = thinning;
        _warn = warn;
        OutputFolder.Check(output);
        string[] folders = [.. sources.Prepend(output).DistinctBy(Path.GetFullPath)];
        (string Folder, ExperimentDescription Description)[] parts =
            [.. folders.Select(folder => (folder, Describe(folder, folder == output))).Where(part => part.Item2 is not null)!];
        if (sources.Count == 0 || parts.Length == 0)
            throw new InputException("nothing to merge: name folders of an experiment");
        foreach (var part in parts.Skip(1))
            CheckSame(parts[0].Folder, parts[0].Description, part.Folder, part.Description);
        foreach (var named in parts.SelectMany(part => part.Description.Models).GroupBy(model => model.Folder))
        {
            if (named.DistinctBy(model => model.Network).ToArray() is [var model, var other, ..])
            {
                throw new InputException(
                    $"{named.Key} is {model.Network} in one folder and {other.Network} in another; merge them apart");
            }
        }
        _merged = parts.Skip(1).Aggregate(parts[0].Description, (merged, part) => merged.With(part.Description, part.Folder));
        _modelsOf = parts.ToDictionary(
            part => part.Folder, part => part.Description.Models.ToDictionary(part.Description.KeyOf));
        foreach (ExperimentModel model in _merged.Models)
            Choose(model, parts, cancellation);
    }

    /// <summary>Runs that the whole is to have.</summary>
    public int Planned => _merged.Models.Count * _merged.Runs;

    /// <summary>Finished runs in the whole.</summary>
    public int Finished => _chosen.Count(chosen => chosen.Run.IsFinished);

    /// <summary>Runs in the whole that can go on from a checkpoint.</summary>
    public int Begun => _chosen.Count - Finished;

    /// <summary>Runs of which no copy can be taken as finished, but one is there that was left out.</summary>
    public int Lost { get; private set; }

    /// <summary>Runs that are not thinned although that was asked for, because the folder has them already.</summary>
    public int KeptWhole => _thinning is null ? 0
        : _chosen.Count(chosen => chosen.Run.Folder == TargetOf(chosen.Model, chosen.Number) && !chosen.Run.Run.IsThinned);

    /// <summary>Runs of which a whole copy is taken rather than a thinned one.</summary>
    public int PreferredWhole { get; private set; }

    /// <summary>Models of the whole.</summary>
    public int Models => _merged.Models.Count;

    /// <summary>Writes the whole.</summary>
    /// <param name="cancellation">Ends it after a run; what is there then are whole runs.</param>
    /// <returns>The runs that were not there before.</returns>
    /// <exception cref="InputException">The folder cannot be written, or another process is at work there.</exception>
    /// <exception cref="IOException">The disk has failed or is full; what is there then are whole runs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public int Write(CancellationToken cancellation)
    {
        using ExperimentFolder folder = ExperimentFolder.Open(_output, _merged);
        string stage = Path.Combine(_output, StageName);
        try
        {
            var written = new List<string>();
            // What an earlier merge has left that was killed.
            DeleteFolder(stage);
            foreach (var (model, number, run) in _chosen)
            {
                string target = TargetOf(model, number);
                if (run.Folder == target)
                    continue;
                cancellation.ThrowIfCancellationRequested();
                Put(run, target, stage);
                written.Add(target);
            }
            Flush(written);
            return written.Count;
        }
        catch (UnauthorizedAccessException error)
        {
            throw OutputFolder.CannotWrite(_output, error);
        }
        finally
        {
            DeleteFolder(stage);
        }
    }

    private static ExperimentDescription? Describe(string folder, bool mayBeNew)
    {
        if (ExperimentFolder.Find(folder) is { } description)
            return description;
        return mayBeNew ? null : throw new InputException(
            Directory.Exists(folder) ? $"{folder}: holds no experiment.json; name the folder of an experiment"
            : $"{folder}: there is no such folder; name the folder of an experiment");
    }

    /// <summary>Checks what decides the bits of every run.</summary>
    private static void CheckSame(string first, ExperimentDescription expected, string folder, ExperimentDescription found)
    {
        const string Advice = "only parts of one experiment can be merged";
        InputException Different(Setting setting, string was, string now) =>
            new($"{folder}: has {setting} {TrainingSettings.Shown(now)}, and {first} {TrainingSettings.Shown(was)}; {Advice}");
        if (expected.Training.DifferenceTo(found.Training) is var (setting, was, now))
            throw Different(setting, was, now);
        if (expected.Executor != found.Executor)
            throw Different(DeviceSettings.Executor, expected.ExecutorText, found.ExecutorText);
        // Variants that name their data do not have the experiment's.
        if (found.Models.Any(model => model.Data is null) && !expected.Data.IsSameAs(found.Data))
        {
            throw new InputException(
                $"{folder}: was trained on {found.Data.Text}, and {first} on {expected.Data.Text}; {Advice}");
        }
        if ((expected.Versions.Program, expected.Versions.Ilgpu) != (found.Versions.Program, found.Versions.Ilgpu))
        {
            throw new InputException(
                $"{folder}: was begun by version {found.Versions.Program} of this program with ILGPU {found.Versions.Ilgpu}, " +
                $"and {first} by {expected.Versions.Program} with {expected.Versions.Ilgpu}; {Advice}");
        }
    }

    /// <summary>Chooses from where each run of a model is taken.</summary>
    private void Choose(
        ExperimentModel model, (string Folder, ExperimentDescription Description)[] parts, CancellationToken cancellation)
    {
        var chosen = new SortedDictionary<int, FoundRun>();
        HashSet<int> leftOut = [], preferred = [];
        foreach (var (folder, description) in parts)
        {
            if (OwnModel(model, folder, description) is not { } own)
                continue;
            foreach (var (number, path) in ExperimentFolder.RunsOf(folder, own))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Find(path, number, model, leftOut) is not { } found)
                    continue;
                if (!chosen.TryGetValue(number, out FoundRun? before))
                {
                    chosen[number] = found;
                    continue;
                }
                if (found.IsFinished && before.IsFinished && before.FirstDifference(found) is { } file)
                    throw OtherBits(before, found, file);
                if (found.IsFinished && before.IsFinished && found.Run.IsThinned != before.Run.IsThinned)
                    preferred.Add(number);
                if (IsBetter(found, before, TargetOf(model, number)))
                    chosen[number] = found;
            }
        }
        leftOut.RemoveWhere(number => chosen.TryGetValue(number, out FoundRun? run) && run.IsFinished);
        preferred.RemoveWhere(number => chosen[number].Run.IsThinned);
        Lost += leftOut.Count;
        PreferredWhole += preferred.Count;
        _chosen.AddRange(chosen.Where(run => _thinning is null || run.Value.IsFinished)
            .Select(run => (model, run.Key, run.Value)));
    }

    /// <summary>A model of the whole as a part has it; null where it has none.</summary>
    private ExperimentModel? OwnModel(ExperimentModel model, string folder, ExperimentDescription part) =>
        // By its folder where the part does not know the SHA-256 of the file with which it begins.
        _modelsOf[folder].GetValueOrDefault(_merged.KeyOf(model))
            ?? part.Models.FirstOrDefault(own => own.Folder == model.Folder);

    private FoundRun? Find(string path, int number, ExperimentModel model, HashSet<int> leftOut)
    {
        try
        {
            return FoundRun.Find(path, number, model, _merged);
        }
        catch (InputException error)
        {
            _warn(PlannedRun.LeftOut(error.Wording));
            leftOut.Add(number);
            return null;
        }
    }

    /// <summary>
    /// Whether a run is to be taken rather than another: a finished one, a whole one, the one that has come farther. What is in
    /// its place already and thinned stays where thinned ones are asked for.
    /// </summary>
    private bool IsBetter(FoundRun run, FoundRun other, string target) =>
        run.IsFinished != other.IsFinished ? run.IsFinished
        : !run.IsFinished ? run.Epochs > other.Epochs
        : !run.Run.IsThinned && other.Run.IsThinned && (_thinning is null || other.Folder != target);

    private string TargetOf(ExperimentModel model, int number) => ExperimentFolder.RunFolder(_output, model, number);

    private static InputException OtherBits(FoundRun first, FoundRun second, string file) => new(
        $"{first.Folder}, on {first.Run.Device.Text}, and {second.Folder}, on {second.Run.Device.Text}, are the same run, but " +
        $"not with the same bits: {file} differs; delete the one that is not to be kept");

    /// <summary>Puts a run to its place.</summary>
    private void Put(FoundRun run, string target, string stage)
    {
        string staged = Path.Combine(stage, "run");
        Directory.CreateDirectory(staged);
        foreach (string name in RunFiles.All)
        {
            string file = Path.Combine(run.Folder, name), copy = Path.Combine(staged, name);
            if (!File.Exists(file))
                continue;
            if (!run.IsFinished || OperatingSystem.IsWindows() || !Libc.Link(Links.Target(file), copy))
                AtomicFile.Write(copy, stream => CopyTo(file, stream));
        }
        if (!run.IsFinished && RunProgress.Find(staged, warn: _ => { })?.State?.Epoch is var epochs && (epochs ?? 0) < run.Epochs)
            throw new InputException($"{run.Folder}: has changed while it was copied; wait for the end of whoever trains there");
        if (_thinning is { } every)
            Thin(run.Run, staged, every);
        OutputFolder.Create(Path.GetDirectoryName(target)!);
        if (Directory.Exists(target))
        {
            // A run of the whole that has not come as far; nobody may be training it.
            FolderLock.Take(target, "run").Dispose();
            Directory.Move(target, Path.Combine(stage, "before"));
        }
        Directory.Move(staged, target);
        DeleteFolder(Path.Combine(stage, "before"));
    }

    /// <summary>
    /// Brings the names of all files to the disk at the end: after each run, that would take most of the time. What a power
    /// failure takes until then is still in the parts.
    /// </summary>
    private static void Flush(IReadOnlyList<string> runs)
    {
        foreach (string folder in runs.Concat(runs.Select(run => Path.GetDirectoryName(run)!).Distinct()))
            Disk.FlushFolder(folder);
    }

    /// <summary>Replaces the metrics of a copied run, and what its description says of them.</summary>
    private static void Thin(RunDescription run, string folder, int every)
    {
        string metrics = Path.Combine(folder, RunFiles.Metrics);
        byte[] thinned = MetricsText.Thin(File.ReadAllBytes(metrics), every);
        AtomicFile.Write(metrics, stream => stream.Write(thinned));
        var sums = new Dictionary<string, string>(run.Sha256 ?? new Dictionary<string, string>())
        {
            [RunFiles.Metrics] = RunResults.Sha256Of(metrics),
        };
        JsonFile.Write(Path.Combine(folder, RunFiles.Description), run with { IsThinned = true, Sha256 = sums });
    }

    private static void CopyTo(string file, Stream stream)
    {
        using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        source.CopyTo(stream);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
