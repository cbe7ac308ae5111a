using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Cli.Slurm;

/// <summary>Decides how an experiment becomes a job array: how many tasks, with what, and how long.</summary>
internal sealed record ExperimentJob
{
    private static readonly string[] Decided =
        ["--sbatch", "--tasks", "--out", "--data", "--dataset", "--device", "--threads", "--jobs", "--quiet", "--verbose"];

    /// <summary>All runs, in one process.</summary>
    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <summary>The models, in the order in which shares count them.</summary>
    public required IReadOnlyList<ExperimentModel> Models { get; init; }

    /// <summary>Runs per model.</summary>
    public required int RunsPerModel { get; init; }

    /// <summary>What was measured, by the models' folders.</summary>
    public required IReadOnlyDictionary<string, ModelCost> Costs { get; init; }

    /// <summary>The data, as it was found; null where models have different data.</summary>
    public required Dataset? Dataset { get; init; }

    /// <summary>The device of a task, as its option has it.</summary>
    public required string Device { get; init; }

    /// <summary>Threads of a training on the CPU; null on another device.</summary>
    public required int? Threads { get; init; }

    /// <summary>Trainings at the same time in a task.</summary>
    public required int Jobs { get; init; }

    /// <summary>Tasks that the user asks for; null where he leaves that to the program.</summary>
    public required int? Tasks { get; init; }

    /// <summary>The folder of the results.</summary>
    public required string Folder { get; init; }

    /// <summary>The options of the command line, as <c>--name=value</c>.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>The script.</summary>
    public BatchScript ToScript()
    {
        double all = new TimeEstimate(Runs, Costs, Jobs).Seconds;
        int tasks = Math.Min(Tasks ?? BatchScript.ChooseTasks(all, Runs.Count), Runs.Count);
        var place = Models.Select((model, index) => (model, index)).ToDictionary(pair => pair.model, pair => pair.index);
        double longest = Runs
            .GroupBy(run => Shard.NumberOf(place[run.Model], run.Run, RunsPerModel, tasks))
            .Max(share => new TimeEstimate([.. share], Costs, Jobs).Seconds);
        string folder = Path.GetFullPath(Folder);
        return new BatchScript
        {
            Content = $"{Runs.Count} runs of {(Models.Count == 1 ? "1 model" : $"{Models.Count} models")}",
            Program = ThisProgram(),
            Arguments = ["reproduce", .. Others(), .. Resources(), $"--out={folder}"],
            Folder = folder,
            Tasks = tasks,
            Seconds = longest,
            Processors = Math.Max(1, (Threads ?? 2) * Jobs),
            HasGpu = Threads is null,
            MemoryBytes = Environment.WorkingSet,
        };
    }

    /// <summary>The command of this process, be it one file or a library that "dotnet" runs.</summary>
    private static string[] ThisProgram()
    {
        string process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? [process, Path.Combine(AppContext.BaseDirectory, "ilgpu-distance.dll")]
            : [process];
    }

    /// <summary>What the user has given and is not decided here.</summary>
    private IEnumerable<string> Others()
    {
        for (int i = 0; i < Options.Count; i++)
        {
            // A value that begins with a blank stands behind its option.
            bool isApart = !Options[i].Contains('=', StringComparison.Ordinal) && i + 1 < Options.Count
                && !Options[i + 1].StartsWith("--", StringComparison.Ordinal);
            if (!Decided.Contains(Options[i].Split('=')[0]))
            {
                yield return Options[i];
                if (isApart)
                    yield return Options[i + 1];
            }
            i += isApart ? 1 : 0;
        }
    }

    /// <summary>
    /// The data where it was found, so that no task downloads any or takes other data; the device and what a task has of it.
    /// </summary>
    private IEnumerable<string> Resources()
    {
        if (Dataset?.Location == BuiltInDigits.Location)
            yield return $"--dataset={BuiltInDigits.Name}";
        else if (Directory.Exists(Dataset?.Location))
            yield return $"--data={Path.GetFullPath(Dataset.Location)}";
        yield return $"--device={Device}";
        if (Threads is not null)
            yield return $"--threads={Threads}";
        yield return $"--jobs={Jobs}";
    }
}
