using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>
/// A disk that fails when files are brought to it (fsync answers EIO), as strace makes the system call say. On other systems the
/// same code runs with another call, and only here it can be made to fail.
/// </summary>
public sealed class DiskErrorTests(SmallExperiment experiment) : IClassFixture<SmallExperiment>, IDisposable
{
    private const string EveryTime = "fsync:error=EIO";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CliResult RunOnBrokenDisk(string injection, params string[] arguments)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "strace is a program of Linux");
        ProcessStartInfo start = CliProcess.StartInfo(arguments, _folder.Path);
        start.ArgumentList.Insert(0, start.FileName);
        foreach (string option in new[] { "strace.txt", "-o", "trace=fsync", "-e", $"inject={injection}", "-e", "-qq",
            "--seccomp-bpf", "-f" })
        {
            start.ArgumentList.Insert(0, option);
        }

        start.FileName = "strace";
        try
        {
            CliResult result = CliProcess.Finish(start);
            Skip.If(result.Error.StartsWith("strace: ", StringComparison.Ordinal), $"strace cannot trace here: {result.Error}");
            return result;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new SkipException($"no strace is installed: {error.Message}");
        }
    }

    /// <summary>Everything in the folder of the test but what strace writes, as path and content.</summary>
    private Dictionary<string, string> Content() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "strace.txt").ToDictionary(file => file, File.ReadAllText);

    [SkippableTheory]
    [InlineData("evaluate", "MODEL", "--logits", "FILE")]
    [InlineData("profile", "--model", "linear(3) > abs > linear(10)", "--epochs", "1", "--warm-up", "0", "--peak-gflops", "9",
        "--peak-gbps", "9", "--trace", "FILE")]
    [InlineData("analyze", "MODEL", "--what", "weights", "--out", "FOLDER")]
    [InlineData("report", "EXPERIMENT", "--out", "FOLDER")]
    [InlineData("kernels", "--emit", "opencl", "--out", "FOLDER")]
    public void What_cannot_be_brought_to_the_disk_is_one_line_and_leaves_what_was_there(string verb, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["out"]);
        string[] old = ["out/file", "out/analysis.json", "out/analysis.md", "out/summary.csv", "out/report.md",
            "out/report.html"];
        foreach (string name in old)
            File.WriteAllText(_folder[name], "old");
        Dictionary<string, string> before = Content();
        string[] compute = verb is "report" or "kernels" ? [] : ["--dataset", "digits", "--device", "cpu", "--threads", "1"];
        CliResult result = RunOnBrokenDisk(EveryTime, [verb, .. arguments.Select(argument => argument switch
        {
            "MODEL" => experiment.Model,
            "EXPERIMENT" => experiment.Folder,
            "FILE" => _folder["out/file"],
            "FOLDER" => _folder["out"],
            _ => argument,
        }), .. compute]);
        Assert.Matches("^error: [^\n]*cannot be brought to the disk: Input/output error[^\n]*\n$", result.Error);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(before, Content());
    }

    [SkippableFact]
    public void A_training_or_an_experiment_does_not_begin_on_a_disk_that_fails()
    {
        string[] options = ["--epochs", "1", "--dataset", "digits", "--device", "cpu", "--threads", "1", "--out", _folder["out"]];
        foreach (string[] verb in new string[][] { ["train"], ["reproduce", "--models", "ReLU", "--runs", "1"] })
        {
            CliResult result = RunOnBrokenDisk(EveryTime, [.. verb, .. options]);
            Assert.Equal(1, result.ExitCode);
            Assert.Matches("^error: [^\n]*cannot be brought to the disk: Input/output error[^\n]*\n$", result.Error);
            Assert.Empty(Content());
        }
    }

    [SkippableFact]
    public void Events_for_TensorBoard_that_the_disk_does_not_take_are_one_line_and_the_figures_are_told()
    {
        Directory.CreateDirectory(_folder["events"]);
        // The file that says who owns the folder comes first.
        CliResult result = RunOnBrokenDisk(
            $"{EveryTime}:when=2+", "train", "--model", "linear(3) > abs > linear(10)", "--epochs", "1", "--dataset", "digits",
            "--device", "cpu", "--threads", "1", "--quiet", "--tensorboard", _folder["events"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(
            "^error: cannot write [^\n]*tfevents[^\n]*: it cannot be brought to the disk: Input/output error\n$", result.Error);
        Assert.StartsWith("train ", result.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_run_is_not_replaced_before_the_disk_has_taken_the_beginning_of_the_new_one()
    {
        string[] train = ["train", "--model", "linear(3) > abs > linear(10)", "--epochs", "1", "--dataset", "digits", "--device",
            "cpu", "--threads", "1", "--out", _folder["out"]];
        Assert.Equal(0, CliCall.Run(train).ExitCode);
        Dictionary<string, string> before = Content();
        // From the file that says who owns the folder on, which may stay: its process has ended.
        foreach (int first in (int[])[1, 2, 3])
        {
            CliResult result = RunOnBrokenDisk($"{EveryTime}:when={first}+", [.. train, "--force"]);
            Assert.Equal(1, result.ExitCode);
            Dictionary<string, string> after = Content();
            after.Remove(_folder["out/.owner"]);
            Assert.Equal(before, after);
        }
    }

    [SkippableFact]
    public void A_training_on_a_disk_that_begins_to_fail_ends_with_one_line_and_goes_on_with_the_same_bits()
    {
        string[] train = ["train", "--model", "linear(3) > abs > linear(10)", "--epochs", "9", "--checkpoint-seconds", "0",
            "--dataset", "digits", "--device", "cpu", "--threads", "1"];
        Assert.Equal(0, CliCall.Run([.. train, "--out", _folder["whole"]]).ExitCode);
        // The beginning needs a few; after that each epoch has its checkpoint.
        CliResult result = RunOnBrokenDisk($"{EveryTime}:when=15+", [.. train, "--out", _folder["out"]]);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("^error: cannot write [^\n]*: it cannot be brought to the disk: Input/output error\n$", result.Error);
        Assert.NotNull(StoredCheckpoint.NewestIn(_folder["out"]));

        CliResult resumed = CliCall.Run([.. train, "--out", _folder["out"], "--resume"]);
        Assert.Equal((0, ""), (resumed.ExitCode, resumed.Error));
        Assert.Equal(File.ReadAllBytes(_folder["whole/model.safetensors"]), File.ReadAllBytes(_folder["out/model.safetensors"]));
    }
}
