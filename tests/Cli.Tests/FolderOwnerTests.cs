using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>
/// Processes that want one folder, where the operating system locks files and where it does not, as over some networks.
/// </summary>
public sealed class FolderOwnerTests : IDisposable
{
    private static readonly string[] Common =
        ["--dataset", "digits", "--device", "cpu", "--threads", "1", "--checkpoint-seconds", "0"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ProcessStartInfo StartInfo(string verb, bool withLocks)
    {
        const string Model = "linear(3) > abs > linear(10)";
        string[] model = verb == "reproduce" ? ["--models", Model, "--runs", "1"] : ["--model", Model, "--resume"];
        ProcessStartInfo start = CliProcess.StartInfo(
            [verb, .. model, "--epochs", "100000000", "--out", _folder["out"], .. Common], _folder.Path);
        start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = withLocks ? null : "1";
        return start;
    }

    [SkippableTheory]
    [InlineData("reproduce", true)]
    [InlineData("reproduce", false)]
    [InlineData("train", true)]
    [InlineData("train", false)]
    public void A_second_process_is_refused_at_once_with_the_first_one_s_name_and_takes_over_when_that_is_killed(
        string verb, bool withLocks)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has locks always");
        using Process first = StartTraining(verb, withLocks);
        HangLimit.WaitUntil(() => Directory.GetFiles(_folder["out"], "checkpoint", SearchOption.AllDirectories).Length > 0);
        CliResult second = CliProcess.Finish(StartInfo(verb, withLocks));
        Assert.Equal((2, ""), (second.ExitCode, second.Output));
        Assert.Matches($"^error: [^\n]*: process {first.Id} on [^\n]* is at work on this [^\n]*\n$", second.Error);
        Assert.False(first.HasExited);
        End(first);
        End(StartTraining(verb, withLocks));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_trainings_that_begin_in_one_new_folder_at_once_one_is_refused_and_leaves_nothing(bool withLocks)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has locks always");
        const string Model = "linear(3) > abs > linear(10)";
        string[] rates = ["0.001", "0.002"];
        Task<CliResult>[] both = [.. rates.Select(rate => Task.Run(() =>
        {
            ProcessStartInfo start = CliProcess.StartInfo(
                ["train", "--model", Model, "--epochs", "200", "--lr", rate, "--out", _folder["out"], .. Common], _folder.Path);
            start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = withLocks ? null : "1";
            return CliProcess.Finish(start);
        }))];
        int[] exits = [.. both.Select(task => task.Result.ExitCode)];
        Assert.Equal([0, 2], exits.Order());
        string refusal = both[Array.IndexOf(exits, 2)].Result.Error;
        // The slower one may come when the other has begun, or even ended.
        Assert.Matches("^error: [^\n]*: (process [^\n]* is at work on this run; |holds a run already )[^\n]*\n$", refusal);
        Assert.Contains($"\"learningRate\": {rates[Array.IndexOf(exits, 0)]},", File.ReadAllText(_folder["out/run.json"]),
            StringComparison.Ordinal);
        Assert.Equal(202, File.ReadAllLines(_folder["out/metrics.csv"]).Length);
        Assert.Equal(["metrics.csv", "model.safetensors", "run.json"],
            Directory.GetFiles(_folder["out"]).Select(path => Path.GetFileName(path))
                .Where(name => Path.GetExtension(name) is not (".png" or ".svg")).Order());
    }

    /// <summary>Starts a training and waits until it has its folder; fails where it is refused.</summary>
    private Process StartTraining(string verb, bool withLocks)
    {
        Process process = Process.Start(StartInfo(verb, withLocks))!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("batch size", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return process;
            }
        }
        throw new InvalidOperationException(error.Result);
    }

    /// <summary>Kills a process as the system does that has no memory left.</summary>
    private static void End(Process process)
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
