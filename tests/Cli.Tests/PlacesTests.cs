using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Names of files and folders that are no plain ones: links, pipes, devices, and bytes that are no text.</summary>
public sealed class PlacesTests(SmallExperiment experiment) : IClassFixture<SmallExperiment>, IDisposable
{
    private static readonly string[] Common = ["--dataset", "digits", "--device", "cpu", "--threads", "1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Runs a script of bash, in which <c>X</c> is the program and <c>MODEL</c> a saved model, in the folder of the test.
    /// </summary>
    private CliResult Bash(string script)
    {
        Skip.If(OperatingSystem.IsWindows(), "the scripts are for bash on Unix");
        ProcessStartInfo start = CliProcess.StartInfo([], _folder.Path);
        string program = string.Join(' ', [start.FileName, .. start.ArgumentList]);
        start.FileName = "bash";
        start.ArgumentList.Clear();
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            $"X() {{ {program} \"$@\"; }}; MODEL='{experiment.Model}'; COMMON='{string.Join(' ', Common)}'; {script}");
        return CliProcess.Finish(start);
    }

    private string[] Entries() =>
        [.. Directory.GetFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [SkippableFact]
    public void A_model_comes_from_a_pipe_and_its_logits_go_through_a_link_a_pipe_and_standard_output()
    {
        CliResult result = Bash("""
            ln -s linked.csv link.csv && mkfifo pipe && X evaluate "$MODEL" $COMMON --logits plain.csv > plain.txt &&
            X evaluate <(cat "$MODEL") $COMMON --logits link.csv > linked.txt &&
            { cat pipe > piped.csv & } && X evaluate "$MODEL" $COMMON --logits pipe > /dev/null && wait &&
            X evaluate /dev/stdin $COMMON --logits /dev/stdout < "$MODEL" > both.txt
            """);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        string logits = File.ReadAllText(_folder["plain.csv"]), text = File.ReadAllText(_folder["plain.txt"]);
        Assert.StartsWith("index,label,logit_0", logits, StringComparison.Ordinal);
        Assert.Equal(logits, File.ReadAllText(_folder["linked.csv"]));
        Assert.Equal("linked.csv", new FileInfo(_folder["link.csv"]).LinkTarget);
        Assert.Equal(logits, File.ReadAllText(_folder["piped.csv"]));
        string both = File.ReadAllText(_folder["both.txt"]);
        Assert.StartsWith(logits, both, StringComparison.Ordinal);
        // The same text, in which the files have other names.
        string rest = both[logits.Length..].Replace("/dev/stdin: ", $"{experiment.Model}: ", StringComparison.Ordinal);
        Assert.Equal(text, rest.Replace("/dev/stdout", "plain.csv", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void An_analysis_of_what_comes_from_a_pipe_needs_to_be_told_its_folder()
    {
        CliResult result = Bash("""X analyze <(cat "$MODEL") $COMMON --what weights""");
        Assert.Equal(2, result.ExitCode);
        Assert.Matches("^error: [^\n]*--out[^\n]*\n$", result.Error);
        Assert.Equal(0, Bash("""X analyze <(cat "$MODEL") $COMMON --what weights --out a""").ExitCode);
        Assert.True(File.Exists(_folder["a/analysis.json"]));
    }

    [SkippableTheory]
    [InlineData("X train $COMMON --epochs 0 --out $'bad\\xffout'", "bad\\xFFout")]
    [InlineData("X evaluate \"$MODEL\" $COMMON --logits $'\\xc3'", "\\xC3")]
    [InlineData("X report $'bad\\xff'", "bad\\xFF")]
    [InlineData("XDG_CACHE_HOME=$'/c\\xe9' X devices", "XDG_CACHE_HOME /c\\xE9")]
    [InlineData("mkdir $'w\\xff' && cd $'w\\xff' && X train $COMMON --epochs 0 --out o; c=$?; cd ..; rmdir $'w\\xff'; exit $c",
        "the working folder ")]
    public void A_name_that_is_not_utf_8_is_refused(string script, string name)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "elsewhere names are Unicode");
        CliResult result = Bash(script);
        Assert.Equal(2, result.ExitCode);
        Assert.Matches($"^error: {System.Text.RegularExpressions.Regex.Escape(name)}[^\n]*: is not UTF-8, [^\n]*\n$",
            result.Error);
        Assert.Empty(Entries());
    }

    [SkippableFact]
    public void Names_that_are_text_are_taken_as_they_are()
    {
        string name = "\uFFFD é 数字 😀";
        CliResult result = CliCall.Run(["train", .. Common, "--epochs", "0", "--out", _folder[name], "--model", "ReLU"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.True(File.Exists(Path.Combine(_folder[name], "run.json")));
    }

    [SkippableFact]
    public void A_link_to_a_folder_that_is_not_there_is_followed()
    {
        LinkTo("there", "link");
        foreach (string[] verb in (string[][])[
            ["train", .. Common, "--epochs", "0", "--model", "ReLU", "--out", _folder["link"]],
            ["analyze", experiment.Model, .. Common, "--what", "weights", "--out", _folder["link/a"]]])
        {
            CliResult result = CliCall.Run(verb);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
        }
        Assert.Equal("there", new FileInfo(_folder["link"]).LinkTarget);
        Assert.True(File.Exists(_folder["there/run.json"]));
        Assert.True(File.Exists(_folder["there/a/analysis.json"]));
    }

    [SkippableFact]
    public void A_name_that_is_too_long_or_a_circle_of_links_is_one_line()
    {
        LinkTo("circle", "circle");
        string[][] commands =
        [
            ["evaluate", experiment.Model, .. Common, "--logits"], ["profile", .. Common, "--trace"],
            ["train", .. Common, "--epochs", "0", "--out"], ["report", experiment.Folder, "--out"],
        ];
        foreach (string[] command in commands)
        {
            foreach (string name in new[] { $"{new string('a', 300)}/x", "circle/x", "circle" })
            {
                CliResult result = CliCall.Run([.. command, _folder[name]]);
                Assert.InRange(result.ExitCode, 1, 2);
                Assert.Matches("^error: [^\n]*\n$", result.Error);
            }
        }
        Assert.Equal(["circle"], Entries());
    }

    private void LinkTo(string target, string link)
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege");
        File.CreateSymbolicLink(_folder[link], target);
    }

    [SkippableFact]
    public void Two_reports_at_once_both_succeed()
    {
        CliResult result =
            Bash($"X report '{experiment.Folder}' --out r & other=$!; X report '{experiment.Folder}' --out r && wait $other");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Empty(Directory.GetFiles(_folder["r"], "*.tmp", SearchOption.AllDirectories));
        Assert.False(File.Exists(_folder["r/.owner"]));
    }
}
