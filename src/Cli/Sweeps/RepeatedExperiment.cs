using IlgpuDistance.Cli.Configuration;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Files;

namespace IlgpuDistance.Cli.Sweeps;

/// <summary>An experiment that is run again as its <c>experiment.json</c> says.</summary>
internal static class RepeatedExperiment
{
    /// <summary>What says, besides the options that can be varied, which trainings there are.</summary>
    private static readonly string[] Deciding = ["preset", "models", "experiment", "vary", "eval-every", "executor"];

    /// <summary>What says where data lies, which may be elsewhere.</summary>
    private static readonly string[] Locating = ["data", "dataset"];

    /// <summary>Reads the file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="verb">The verb with its options, none of which may change what is trained.</param>
    /// <exception cref="InputException">The file cannot be used, or an option says something else.</exception>
    public static ExperimentDescription Read(string file, Verb verb)
    {
        if (verb.Arguments.Select(KeyOf).FirstOrDefault(Fixes) is { } given)
        {
            throw new InputException(
                $"--{given}: {file} says how its experiment is trained, to the bit; leave it out, or write a file with options");
        }
        return JsonFile.Read<ExperimentDescription>(file, "name another file, or put back a copy of it");
    }

    /// <summary>Whether a file of options is the description of an experiment.</summary>
    public static bool IsDescribedBy(ConfigValue root) => root.Entries.Any(entry => entry.Key == "format");

    /// <summary>Whether the description of an experiment decides an option, so that no other value may be given.</summary>
    /// <param name="key">The option's name without dashes.</param>
    public static bool Fixes(string key) =>
        Deciding.Contains(key) || !Locating.Contains(key) && Variation.Options.Any(option => option.Key == key);

    /// <summary>How an experiment trains where its models say nothing else, as options that a verb has.</summary>
    public static IEnumerable<string> WordsOf(ExperimentDescription experiment, VerbDescription verb)
    {
        var names = new OptionNames(verb);
        return experiment.Training.Values().Where(value => value.Value.Length > 0 && names.Of(value.Setting) is not null)
            .Select(value => $"{names.Of(value.Setting)}={value.Value}")
            .Concat(experiment.Executor is null ? [] : [$"{names.Of(DeviceSettings.Executor)}={experiment.ExecutorText}"]);
    }

    private static string KeyOf(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) ? word[2..].Split('=')[0] : "";
}
