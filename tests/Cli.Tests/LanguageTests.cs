using System.Text.RegularExpressions;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Users whose language writes 1.234,5 where this program writes 1,234.5.</summary>
public sealed class LanguageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CliResult Run(string language, params string[] arguments) =>
        CliProcess.Run(arguments, new Dictionary<string, string?>
        {
            ["LANG"] = language,
            ["LC_ALL"] = language,
            // .NET reads the language of the user only where this is off.
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "false",
            ["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = "false",
        });

    /// <summary>Without what differs from run to run: times, and the folder's name.</summary>
    private string Stable(string text) =>
        Regex.Replace(text.Replace(_folder.Path, "", StringComparison.Ordinal), @"\b(\d+[.,]\d+ m?s|\d\d:\d\d:\d\d)\b", "T");

    [SkippableFact]
    public void The_output_is_the_same_in_every_language()
    {
        CliResult probe = Run("de_DE.UTF-8", "--version");
        Skip.If(probe.ExitCode != 0 && probe.Error.Contains("ICU", StringComparison.Ordinal),
            "the library for languages (ICU) is not installed");
        string[] digits = ["--dataset", "digits", "--device", "cpu", "--threads", "1"];
        CliResult TrainIn(string language) =>
            Run($"{language}.UTF-8", ["train", .. digits, "--epochs", "2", "--out", _folder[language]]);
        CliResult trainedInEnglish = TrainIn("en"), trainedInGerman = TrainIn("de");
        Assert.Equal(0, trainedInEnglish.ExitCode);
        Assert.Equal(Stable(trainedInEnglish.Output).Replace("/en:", "/de:", StringComparison.Ordinal),
            Stable(trainedInGerman.Output));
        string[][] verbs =
        [
            ["data", "--dataset", "digits"],
            ["kernels"],
            ["train", .. digits, "--lr", "1e30"],
            ["evaluate", _folder["en/model.safetensors"], .. digits],
            ["analyze", _folder["en"], .. digits, "--what", "weights,dead-nodes,representation"],
        ];
        foreach (string[] verb in verbs)
        {
            CliResult english = Run("C", verb), german = Run("de_DE.UTF-8", verb);
            Assert.Equal((Stable(english.Output), Stable(english.Error)), (Stable(german.Output), Stable(german.Error)));
        }
        Assert.Equal(File.ReadAllBytes(_folder["en/model.safetensors"]), File.ReadAllBytes(_folder["de/model.safetensors"]));
        Assert.Equal(
            File.ReadLines(_folder["en/metrics.csv"]).Select(line => line[..line.LastIndexOf(',')]),
            File.ReadLines(_folder["de/metrics.csv"]).Select(line => line[..line.LastIndexOf(',')]));
    }
}
