using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Models;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Sweeps;

/// <summary>An option of <c>train</c> and the values that an experiment gives it: what <c>--vary NAME=VALUES</c> says.</summary>
/// <param name="Option">The option.</param>
/// <param name="Values">Its values as text, each once; at least one.</param>
internal sealed record Variation(VerbOption Option, IReadOnlyList<string> Values)
{
    private const string Example = "NAME=VALUES, e.g. lr=0.001,0.01 or lr=0.0001..0.1:*10";

    private static readonly VerbDescription Train = new(typeof(TrainVerb));

    /// <summary>The options that decide nothing which an experiment could compare, each with the reason.</summary>
    internal static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["offline"] = "it says where data may come from, and decides no result",
        ["device"] = "the runs of an experiment are trained on one device",
        ["force-opencl"] = "the runs of an experiment are trained on one device",
        ["executor"] = "the runs of an experiment are trained on one device",
        ["threads"] = "the same bits come out for any number of threads",
        ["eval-every"] = "it says when test images are evaluated, and decides no result",
        ["checkpoint-every"] = "checkpoints decide no result",
        ["checkpoint-seconds"] = "checkpoints decide no result",
        ["run"] = "--runs says how many runs there are of each variant",
        ["out"] = "the runs of an experiment are in one folder",
        ["tensorboard"] = "the runs of an experiment have their metrics.csv",
        ["tensorboard-every"] = "the runs of an experiment have their metrics.csv",
        ["force"] = "a finished run is kept",
        ["resume"] = "a run that was begun goes on",
        ["quiet"] = "it says what is printed",
        ["verbose"] = "it says what is printed",
    };

    /// <summary>The options that can be varied.</summary>
    internal static IEnumerable<VerbOption> Options => Train.Options.Where(option => !Refused.ContainsKey(option.Key));

    /// <summary>Reads what stands behind <c>--vary</c>.</summary>
    /// <exception cref="InputException">It names no option that can be varied, or no values.</exception>
    public static Variation Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        if (parts.Length < 2 || string.IsNullOrWhiteSpace(parts[1]))
            throw new InputException($"--vary {text}: expected {Example}");
        try
        {
            return new Variation(Find(parts[0].Trim()), VariedValues.Parse(parts[1]));
        }
        catch (InputException error)
        {
            throw new InputException($"--vary {text}: {error.Wording}", error);
        }
    }

    /// <summary>Finds an option by its name, with or without dashes.</summary>
    /// <exception cref="InputException">There is none, or it decides no result.</exception>
    public static VerbOption Find(string name)
    {
        string key = name.TrimStart('-');
        if (Refused.TryGetValue(key, out string? reason))
            throw new InputException($"{key} cannot be varied: {reason}");
        string[] known = [.. Options.Select(option => option.Name)];
        string? nearest = (Synonyms.OptionFor($"--{key}", known) ?? Spelling.Nearest(key, known))?.Replace(
            "--", "", StringComparison.Ordinal);
        return Options.FirstOrDefault(option => option.Key == key) ?? throw new InputException(
            $"train has no option \"{VisibleText.OneLine(name)}\"; " +
            (nearest is null ? "expected " : $"did you mean {nearest}? Expected is ") +
            ValueCheck.ListOf(Options.Select(option => option.Key)));
    }

    /// <summary>Checks a value as far as its type and its text go.</summary>
    /// <returns>True.</returns>
    /// <exception cref="InputException">It can be none of the option.</exception>
    public bool Check(string value)
    {
        _ = ArgumentCheck.Check(Train, Words(value));
        if (Option.Key == "model")
            PaperModels.Check(value);
        return true;
    }

    /// <summary>The option with one of its values, as words of the command line; none for a flag that is not set.</summary>
    /// <exception cref="InputException">A flag has another value than true or false.</exception>
    public IReadOnlyList<string> Words(string value) =>
        !Option.IsFlag ? [$"{Option.Name}={value}"]
        : value.Equals("true", StringComparison.OrdinalIgnoreCase) ? [Option.Name]
        : value.Equals("false", StringComparison.OrdinalIgnoreCase) ? []
        : throw new InputException($"--vary {Option.Key}={VisibleText.OneLine(value)}: expected true or false");
}
