using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Training.Experiments;

/// <summary>
/// Reads which share of an experiment a process has: <c>3/8</c> is the third of eight, <c>slurm</c> that of a task in a job array
/// of Slurm, and <c>kubernetes/8</c> that of a pod in an indexed job with eight completions.
/// </summary>
internal static class ShardText
{
    private const string Slurm = "slurm", Kubernetes = "kubernetes";
    private const string Expected = "expected I/N with I from 1 to N, such as 3/8, slurm, or kubernetes/N";

    /// <summary>Reads a share.</summary>
    /// <param name="text">What the user says.</param>
    /// <param name="variable">The environment: the value of a variable, or null where it is not set.</param>
    /// <exception cref="InputException">It is no share, or the environment is not that of such a job.</exception>
    public static Shard Parse(string text, Func<string, string?> variable)
    {
        if (text.Equals(Slurm, StringComparison.OrdinalIgnoreCase))
            return OfSlurm(variable);
        if (text.Split('/') is not [var number, var count] || Number(count) is not { } shards || shards < 1)
            throw Wrong(text, Expected);
        if (number.Equals(Kubernetes, StringComparison.OrdinalIgnoreCase))
            return OfKubernetes(text, shards, variable);
        return Number(number) is { } share && share >= 1 && share <= shards
            ? new Shard(share, shards)
            : throw Wrong(text, Expected);
    }

    /// <summary>
    /// Arrays begin anywhere and may skip numbers, as <c>--array=10-40:10</c> does: four tasks, the first of them 10.
    /// </summary>
    private static Shard OfSlurm(Func<string, string?> variable)
    {
        int Value(string name)
        {
            string? value = variable(name);
            if (value is null)
                throw Wrong(Slurm, $"{name} is not set: this is no task of a job array; submit one, or give I/N");
            return Number(value) ?? throw Wrong(Slurm, $"{name} is \"{value}\", where a whole number is expected");
        }

        int task = Value("SLURM_ARRAY_TASK_ID"), count = Value("SLURM_ARRAY_TASK_COUNT"), first = Value("SLURM_ARRAY_TASK_MIN");
        int step = variable("SLURM_ARRAY_TASK_STEP") is null ? 1 : Math.Max(1, Value("SLURM_ARRAY_TASK_STEP"));
        long place = ((long)task - first) / step;
        if (place < 0 || place >= count || first + place * step != task)
        {
            throw Wrong(Slurm,
                $"task {task} of an array of {count} from {first} in steps of {step}: the array has gaps, in which nothing " +
                "tells the place of a task; give I/N");
        }
        return new Shard((int)place + 1, count);
    }

    private static Shard OfKubernetes(string text, int shards, Func<string, string?> variable)
    {
        const string Name = "JOB_COMPLETION_INDEX";
        string value = variable(Name)
            ?? throw Wrong(text, $"{Name} is not set: this is no pod of a job with completionMode: Indexed; or give I/N");
        return Number(value) is { } index && index < shards
            ? new Shard(index + 1, shards)
            : throw Wrong(text, $"{Name} is \"{value}\", where a number below {shards} is expected, the completions of the job");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static InputException Wrong(string text, string problem) => new($"{Settings.Shard} {text}: {problem}");
}
