using IlgpuDistance.Cli.Sweeps;
using IlgpuDistance.Training.Experiments;

namespace IlgpuDistance.Cli.Slurm;

/// <summary>Decides how an experiment becomes a job array: how many tasks, with what, and how long.</summary>
internal sealed record ExperimentJob
{
    private static readonly string[] Decided =
    [
        "config", "runs", "sbatch", "tasks", "out", "data", "dataset", "offline", "device", "threads", "jobs", "quiet", "verbose",
    ];

    /// <summary>All runs, in one process.</summary>
    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <summary>The models, in the order in which shares count them.</summary>
    public required IReadOnlyList<ExperimentModel> Models { get; init; }

    /// <summary>Runs per model.</summary>
    public required int RunsPerModel { get; init; }

    /// <summary>What was measured, by the models' folders.</summary>
    public required IReadOnlyDictionary<string, ModelCost> Costs { get; init; }

    /// <summary>The file that says what is trained, and where the data was found.</summary>
    public required string Plan { get; init; }

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
            // From a file of its own, which nobody edits: who finds another number of runs has another share. No task is to
            // download the data, or to take other data.
            Arguments = ["reproduce", $"--config={Plan}", .. Others(), "--offline", .. Resources(), $"--out={folder}"],
            Plan = Plan,
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

    /// <summary>What the user has given and is decided neither here nor by the plan.</summary>
    private IEnumerable<string> Others() => Options.Where(word =>
        word.StartsWith("--", StringComparison.Ordinal) && word[2..].Split('=')[0] is var key
        && !Decided.Contains(key) && !RepeatedExperiment.Fixes(key));

    /// <summary>The device, and what a task has of it.</summary>
    private IEnumerable<string> Resources()
    {
        yield return $"--device={Device}";
        if (Threads is not null)
            yield return $"--threads={Threads}";
        yield return $"--jobs={Jobs}";
    }
}
