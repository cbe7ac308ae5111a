using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Standard output and error that are closed, full, or without a reader.</summary>
public sealed class StandardStreamTests : IDisposable
{
    private const string Closed = "closed", Full = "full", Unread = "unread";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs the program with standard output as it is named, and reads its exit code.</summary>
    private (int ExitCode, string Error) RunWithout(string output, params string[] arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "streams are redirected with sh");
        Skip.If(output == Full && !File.Exists("/dev/full"), "there is no /dev/full");
        string line = output switch
        {
            Closed => "\"$@\" >&-; echo $? >code",
            Full => "\"$@\" >/dev/full; echo $? >code",
            // The reader has gone before the first word is written.
            _ => "{ while [ ! -e gone ]; do sleep 0.01; done; \"$@\"; echo $? >code; } | { exec <&-; : >gone; }; while [ ! " +
                "-s code ]; do sleep 0.01; done",
        };
        File.Delete(_folder["gone"]);
        string error = CliProcess.RunByShell(line, _folder.Path, arguments).Error;
        return (int.Parse(File.ReadAllText(_folder["code"]), provider: null), error);
    }

    private static string[] Digits(string verb, params string[] arguments) =>
        [verb, "--dataset", "digits", "--device", "cpu", "--threads", "1", .. arguments];

    private static void AssertToldOnce(string output, string error) => Assert.Equal(
        output switch
        {
            Closed => "warning: standard output cannot be written: it is closed; the work goes on, and its results are saved\n",
            Full => "warning: standard output cannot be written: No space left on device; the work goes on, and its results " +
                "are saved\n",
            _ => "warning: nobody reads standard output any more; the work goes on, and its results are saved\n",
        },
        error);

    [SkippableTheory]
    [InlineData(Closed)]
    [InlineData(Full)]
    [InlineData(Unread)]
    public void What_is_saved_in_files_is_saved_also_without_standard_output_and_that_is_told_once(string output)
    {
        var (trained, error) = RunWithout(output, Digits("train", "--model", "ReLU", "--epochs", "3", "--out", "run"));
        AssertToldOnce(output, error);
        Assert.Equal(0, trained);
        Assert.Equal(
            ["learning-curve.png", "metrics.csv", "model.safetensors", "run.json"],
            Directory.GetFiles(_folder["run"]).Select(path => Path.GetFileName(path)).Order());
        Assert.Equal("completed", JsonDocument.Parse(File.ReadAllText(_folder["run/run.json"])).RootElement.GetProperty(
            "outcome").GetString());
    }

    [SkippableFact]
    public void Other_verbs_save_their_results_without_standard_output_too()
    {
        Assert.Equal(0, CliCall.Run(Digits("train", "--model", "ReLU", "--epochs", "1", "--out", _folder["run"])).ExitCode);
        var (analysed, analyzeError) = RunWithout(Full, Digits("analyze", "run", "--what", "weights"));
        AssertToldOnce(Full, analyzeError);
        Assert.Equal(0, analysed);
        Assert.True(File.Exists(_folder["run/analysis/analysis.json"]));

        var (reproduced, reproduceError) =
            RunWithout(Unread, Digits("reproduce", "--models", "ReLU", "--runs", "1", "--epochs", "2", "--out", "experiment"));
        AssertToldOnce(Unread, reproduceError);
        Assert.Equal(0, reproduced);
        Assert.True(File.Exists(_folder["experiment/report/report.html"]));
    }

    [SkippableTheory]
    [InlineData(Closed, 1)]
    [InlineData(Full, 1)]
    [InlineData(Unread, 0)] // Who closes a pipe has read what he wanted.
    public void What_is_only_printed_is_lost_without_standard_output_and_the_exit_code_says_so(string output, int exitCode)
    {
        string[][] verbs = [["--help"], ["kernels"], ["data", "--dataset", "digits", "--json"]];
        if (output == Full)
        {
            Assert.Equal(0, CliCall.Run(Digits("train", "--model", "ReLU", "--epochs", "1", "--out", _folder["run"])).ExitCode);
            verbs = [.. verbs, Digits("evaluate", "run/model.safetensors"), Digits("train", "--epochs", "1")];
        }
        foreach (string[] verb in verbs)
        {
            var (code, error) = RunWithout(output, verb);
            Assert.Equal(exitCode, code);
            if (exitCode == 0)
            {
                Assert.Empty(error);
            }
            else
            {
                Assert.StartsWith("error: standard output cannot be written: ", Assert.Single(error.TrimEnd().Split('\n')),
                    StringComparison.Ordinal);
            }
        }
    }

    [SkippableTheory]
    [InlineData("2>&-", 2, "data", "--dataset", "letters")]
    [InlineData("2>/dev/full", 2, "data", "--dataset", "letters")]
    [InlineData(">&- 2>&-", 2, "evaluate", "none.safetensors", "--verbose")]
    [InlineData(">/dev/full 2>&1", 1, "train", "--dataset", "digits", "--device", "cpu", "--lr", "1e30")]
    [InlineData(">/dev/full 2>&1", 1, "--help")]
    public void A_failure_that_cannot_be_told_keeps_its_exit_code(string redirections, int exitCode, params string[] arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "streams are redirected with sh");
        Skip.If(redirections.Contains("full", StringComparison.Ordinal) && !File.Exists("/dev/full"), "there is no /dev/full");
        Assert.Equal(new CliResult(exitCode, "", ""), CliProcess.RunByShell($"\"$@\" {redirections}", _folder.Path, arguments));
    }

    [SkippableFact]
    public void Nothing_that_is_printed_gets_into_a_file_that_has_the_number_of_a_closed_stream()
    {
        Skip.If(OperatingSystem.IsWindows(), "streams are redirected with sh");
        string[] train = Digits("train", "--model", "ReLU", "--epochs", "5", "--checkpoint-seconds", "0", "--out");
        Assert.Equal(0, CliCall.Run([.. train, _folder["open"]]).ExitCode);
        Assert.Equal(new CliResult(0, "", ""), CliProcess.RunByShell("\"$@\" <&- >&- 2>&-", _folder.Path, [.. train, "closed"]));

        Assert.Equal(File.ReadAllBytes(_folder["open/model.safetensors"]),
            File.ReadAllBytes(_folder["closed/model.safetensors"]));
        string[] Metrics(string name) =>
            [.. File.ReadLines(_folder[$"{name}/metrics.csv"]).Select(line => line[..line.LastIndexOf(',')])];
        Assert.Equal(Metrics("open"), Metrics("closed"));
        Assert.Equal(Directory.GetFiles(_folder["open"]).Length, Directory.GetFiles(_folder["closed"]).Length);
    }

    [SkippableFact]
    public void An_error_on_a_thread_of_its_own_is_told_in_one_line_too()
    {
        Dictionary<string, string?> environment = new()
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            [StartupHook.FileVariable] = _folder["run/run.json"],
        };
        CliResult result = CliProcess.Run(
            Digits("train", "--quiet", "--epochs", "100000000", "--out", _folder["run"]), environment);
        Assert.Equal(new CliResult(1, "", $"error: {StartupHook.Message.ReplaceLineEndings(" ")}\n"),
            result with { Error = result.Error.ReplaceLineEndings("\n") });
    }

    [SkippableFact]
    public void Nothing_but_the_terminal_touches_the_streams()
    {
        string? sources = Sources();
        Skip.If(sources is null, "the tests do not lie in a checkout");
        string[] files = Directory.GetFiles(sources!, "*.cs", SearchOption.AllDirectories);
        Assert.True(files.Length > 20);
        Assert.All(
            files.Where(file => Path.GetFileName(file) is not "StandardStream.cs" and not "Descriptors.cs"
                && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
            file => Assert.DoesNotMatch(@"(?<!\w)(Ansi)?Console\.(?!Create\b)\w",
                File.ReadAllText(file).Replace("Spectre.Console", "", StringComparison.Ordinal)));
    }

    private static string? Sources() => Checkout.Folder is { } root ? Path.Combine(root, "src", "Cli") : null;
}
