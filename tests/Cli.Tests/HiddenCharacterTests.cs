using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>
/// What a terminal obeys instead of showing it comes from names of files and from files of others, and is shown as an escape.
/// </summary>
public sealed class HiddenCharacterTests
{
    [Fact]
    public void A_name_in_an_error_cannot_give_orders_to_the_terminal()
    {
        CliResult result = CliCall.Run("report", "no\u001b[2J\u009b31m\r\u202esuch\u2028folder");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(@"error: no\x1b[2J\x9b31m\r\u202esuch\u2028folder: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Error);
    }

    [Fact]
    public void A_name_in_the_files_of_an_experiment_cannot_either()
    {
        using StoredExperiment experiment = new StoredExperiment(epochs: 4, runs: 2)
            .Add("small", "linear(4) > abs > linear(10)", 90, 91);
        foreach (string file in Directory.GetFiles(experiment.Folder, "*.json", SearchOption.AllDirectories))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace(
                "\"digits\"", "\"[red]di\\u001b[31mgits\\u202e\"", StringComparison.Ordinal));
        }

        CliResult result = CliCall.Run("report", experiment.Folder);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(@"4 epochs on [red]di\x1b[31mgits\u202e", result.Output, StringComparison.Ordinal);
        string[] written = [result.Output, .. Directory.GetFiles(experiment["report"], "*.*").Select(File.ReadAllText)];
        Assert.All(written, text => Assert.DoesNotContain(text, character => character is '\u001b' or '\u202e'));
    }
}
