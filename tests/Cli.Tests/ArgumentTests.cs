namespace IlgpuDistance.Cli.Tests;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("no verb: expected train, reproduce, report, evaluate, analyze, profile, kernels, devices or data; see ilgpu-distance --help")]
    [InlineData("unknown verb \"learn\": expected train, reproduce, report, evaluate, analyze, profile, kernels, devices or data; see ilgpu-distance --help", "learn")]
    [InlineData("unknown verb \"--epochs\": expected train, reproduce, report, evaluate, analyze, profile, kernels, devices or data", "--epochs", "3")]
    [InlineData("\"mnist\": data takes options only; see ilgpu-distance data --help", "data", "mnist")]
    [InlineData("\"b\": evaluate takes no second argument", "evaluate", "a", "b")]
    [InlineData("evaluate: expected FILE after it", "evaluate", "--split", "test")]
    [InlineData("report: expected FOLDER after it", "report")]
    [InlineData("--epoch: train has no such option; did you mean --epochs? See ilgpu-distance train --help", "train", "--epoch", "3")]
    [InlineData("-x: train has no such option; see", "train", "-x")]
    [InlineData("--: train has no such option; see", "train", "--")]
    [InlineData("--data: expected FOLDER after it, found nothing; see ilgpu-distance train --help", "train", "--data")]
    [InlineData("--data: expected FOLDER after it, found --epochs", "train", "--data", "--epochs", "3")]
    [InlineData("--out: expected FOLDER after it, found nothing", "train", "--out", "")]
    [InlineData("--dataset: expected NAME after it, found nothing", "train", "--dataset=")]
    [InlineData("--json=true: expected no value; give --json alone", "data", "--json=true")]
    [InlineData("\"true\": data takes options only", "data", "--json", "true")]
    [InlineData("--epochs: given twice; give it once", "train", "--epochs", "3", "--epochs=4")]
    [InlineData("--json: given twice; give it once", "data", "--json", "--json")]
    [InlineData("--dataset letters: expected one of auto, mnist, ", "train", "--dataset", "letters")]
    [InlineData("--dataset 1: expected one of auto, mnist, ", "train", "--dataset=1")]
    [InlineData("--input-scale loud: expected raw, unit or standardized", "evaluate", "a", "--input-scale", "loud")]
    [InlineData("--epochs x: expected a whole number", "train", "--epochs", "x")]
    [InlineData("--epochs 3000000000: expected a whole number from -2147483648 to 2147483647", "train", "--epochs", "3000000000")]
    [InlineData("--seed 1.5: expected a whole number", "train", "--seed", "1.5")]
    [InlineData(
        "--seed 9223372036854775808: expected a whole number from -9223372036854775808 to 9223372036854775807",
        "train", "--seed", "9223372036854775808")]
    [InlineData("--lr x: expected a number", "train", "--lr", "x")]
    [InlineData("--lr 0,1: expected a number", "train", "--lr=0,1")]
    [InlineData("--lr -0.5: expected a finite number above 0", "train", "--lr", "-.5")]
    public void Wrong_use_is_refused_in_one_line_that_says_what_is_expected(string problem, params string[] arguments)
    {
        CliResult result = CliProcess.Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        string line = Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.StartsWith($"error: {problem}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_may_follow_an_equals_sign_and_may_be_negative()
    {
        string[] common = ["train", "--dataset=DIGITS", "--device=cpu", "--epochs=0", "--quiet"];
        string spaced = CliProcess.Run([.. common, "--seed", "-9223372036854775808"]).Output, joined = CliProcess.Run([.. common, "--seed=-9223372036854775808"]).Output;
        Assert.StartsWith("train ", spaced, StringComparison.Ordinal);
        Assert.Equal(spaced[..spaced.IndexOf(" in ", StringComparison.Ordinal)], joined[..joined.IndexOf(" in ", StringComparison.Ordinal)]);
    }

    [Fact]
    public void Help_names_the_verbs_with_what_they_do_and_the_first_steps()
    {
        CliResult result = CliProcess.Run("--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (string start in new[] { "train  ", "evaluate  ", "report  ", "devices  ", "data  ", "ilgpu-distance train --out " })
            Assert.Contains($"\n  {start}", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "--input-scale raw|unit|standardized", "Default: raw.")]
    [InlineData("reproduce", "--models A,B,...", "--preset paper|paper-50k|quick", "Default: paper.")]
    [InlineData("evaluate", "  FILE  ", "--split train|test")]
    [InlineData("report", "  FOLDER  ", "--out FOLDER")]
    [InlineData("devices", "--json", "Print the list as JSON.")]
    [InlineData("data", "--data FOLDER", "--dataset NAME")]
    public void The_help_of_a_verb_fits_a_terminal_and_is_given_whatever_else_is_said(string verb, params string[] expected)
    {
        CliResult result = CliProcess.Run(verb, "--data", "--help");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.All(expected, text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public void The_version_is_a_number_without_a_commit() =>
        Assert.Matches(@"^ilgpu-distance \d+\.\d+\.\d+\s*$", CliProcess.Run("--version").Output);
}
