using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Signals that are sent to the program while it works.</summary>
public sealed class SignalTests : IDisposable
{
    /// <summary>No checkpoint is saved but for a signal.</summary>
    private static readonly string[] Endless = [
        "--dataset", "digits", "--device", "cpu", "--threads", "1", "--epochs", "100000000", "--checkpoint-seconds", "100000000"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Starts the program by a line of sh, sends signals to it as they are asked for, and waits for its end.</summary>
    private async Task<CliResult> RunAsync(Func<Process, Task> disturb, string[] arguments, string line = "exec \"$@\"")
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        using Process process = Process.Start(CliProcess.ShellInfo(line, _folder.Path, arguments))!;
        try
        {
            await disturb(process);
            var (exitCode, output, error) = HangLimit.WaitForEnd(process);
            return new CliResult(exitCode, output, error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>
    /// Waits for a line of standard output; the second epoch is past everything that happens before a training.
    /// </summary>
    private static async Task WaitForLineAsync(Process process, string start = "epoch 2/")
    {
        using CancellationTokenSource limit = HangLimit.Start();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"the program ended before \"{start}\": {await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    private void WaitForFile(Process process, string name)
    {
        HangLimit.WaitUntil(() => File.Exists(_folder[name]) || process.HasExited);
        Assert.True(File.Exists(_folder[name]), $"the program ended without {name}");
    }

    private static void Send(Process process, params string[] signals) =>
        Assert.Equal(0, CliProcess.Finish(
            ShellInfo(string.Join(" && ", signals.Select(signal => $"kill -{signal} {process.Id}")))).ExitCode);

    private static ProcessStartInfo ShellInfo(string line) =>
        new("sh", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true };

    private JsonElement RunJson(string run) => JsonDocument.Parse(File.ReadAllText(_folder[$"{run}/run.json"])).RootElement;

    private string[] FilesIn(string name) =>
        [.. Directory.GetFiles(_folder[name]).Select(path => Path.GetFileName(path)).Order()];

    [SkippableTheory]
    [InlineData(130, "INT")]
    [InlineData(130, "INT", "INT")] // At once: one key press that arrives twice.
    [InlineData(143, "TERM")]
    [InlineData(129, "HUP")]
    public async Task What_ends_a_training_finishes_the_epoch_saves_and_is_told_by_the_exit_code(
        int exitCode, params string[] signals)
    {
        CliResult result = await RunAsync(
            async process =>
            {
                await WaitForLineAsync(process);
                Send(process, signals);
            },
            ["train", .. Endless, "--out", "run"]);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(
            "interrupted after epoch N of 100000000; see run; the same command with --resume goes on\n",
            Regex.Replace(result.Error, @"(?<=after epoch )\d+", "N"));
        Assert.Contains(" %  test ", result.Output, StringComparison.Ordinal);
        Assert.Equal(["checkpoint", "metrics.csv", "model.safetensors", "run.json"], FilesIn("run"));
        Assert.Equal("interrupted", RunJson("run").GetProperty("outcome").GetString());
        // A head line, and a row of the untrained network.
        Assert.Equal(File.ReadLines(_folder["run/metrics.csv"]).Count() - 2,
            RunJson("run").GetProperty("final").GetProperty("epoch").GetInt32());
    }

    [SkippableTheory]
    [InlineData("USR1")]
    [InlineData("USR2")]
    public async Task A_training_that_is_asked_for_a_checkpoint_saves_it_and_goes_on(string signal)
    {
        CliResult result = await RunAsync(
            async process =>
            {
                await WaitForLineAsync(process);
                Assert.False(File.Exists(_folder["run/checkpoint"]));
                Send(process, signal);
                WaitForFile(process, "run/checkpoint");
                // Once more, and what was there is kept beside it.
                Send(process, signal);
                WaitForFile(process, "run/checkpoint.previous");
                Assert.Equal("running", RunJson("run").GetProperty("outcome").GetString());
                Send(process, "TERM");
            },
            ["train", .. Endless, "--out", "run"]);
        Assert.Equal(143, result.ExitCode);
        string notice = $"SIG{signal}: a checkpoint is saved after this epoch\n";
        Assert.StartsWith($"{notice}{notice}interrupted after epoch ", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Where_nothing_is_saved_who_asks_for_a_checkpoint_is_told_and_the_training_goes_on()
    {
        CliResult result = await RunAsync(
            async process =>
            {
                await WaitForLineAsync(process);
                Send(process, "USR1");
                await process.StandardError.BaseStream.ReadExactlyAsync(new byte["SIGUSR1: ".Length]);
                await WaitForLineAsync(process, "epoch ");
                Send(process, "TERM");
            },
            // A line per epoch for as long as it matters.
            ["train", "--dataset", "digits", "--device", "cpu", "--threads", "1", "--epochs", "20000"]);
        Assert.StartsWith("nothing is saved without --out\ninterrupted after epoch ", result.Error, StringComparison.Ordinal);
        Assert.Equal(143, result.ExitCode);
    }

    [SkippableFact]
    public async Task The_trainings_of_an_experiment_save_checkpoints_when_asked_and_end_with_them()
    {
        CliResult result = await RunAsync(
            process =>
            {
                WaitForFile(process, "experiment/ReLU/0/metrics.csv.partial");
                Send(process, "USR1");
                WaitForFile(process, "experiment/ReLU/0/checkpoint");
                Send(process, "HUP");
                return Task.CompletedTask;
            },
            ["reproduce", .. Endless, "--models", "ReLU", "--runs", "1", "--out", "experiment"]);
        Assert.Equal(129, result.ExitCode);
        Assert.Equal(
            "SIGUSR1: each training saves a checkpoint after its epoch\n" +
            "interrupted: 0 of 1 runs are finished; see experiment; the same command goes on\n",
            result.Error);
    }

    [SkippableFact]
    public async Task A_second_signal_ends_the_program_at_once()
    {
        CliResult result = await RunAsync(
            async process =>
            {
                await WaitForLineAsync(process, "epoch 0/");
                // The first epoch takes seconds, and what comes within 0.3 s is taken for the same key press.
                Send(process, "TERM", "TERM");
                Assert.False(process.WaitForExit(500));
                Send(process, "TERM");
            },
            ["train", .. Endless, "--model", "linear(5000) > relu > linear(5000) > relu > linear(10)", "--out", "run"]);
        Assert.Equal(143, result.ExitCode);
        Assert.Equal("running", RunJson("run").GetProperty("outcome").GetString());
    }

    [SkippableFact]
    public async Task What_was_ignored_when_the_program_began_stays_ignored()
    {
        CliResult result = await RunAsync(
            async process =>
            {
                await WaitForLineAsync(process);
                Send(process, "HUP", "INT", "TERM");
            },
            ["train", .. Endless, "--out", "run"],
            line: "trap '' HUP INT; exec \"$@\"");
        Assert.Equal(143, result.ExitCode);
        Assert.StartsWith("interrupted after epoch ", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Other_work_is_ended_by_what_ends_and_not_by_a_wish_for_a_checkpoint()
    {
        CliResult result = await RunAsync(
            async process =>
            {
                await WaitForLineAsync(process, "");
                Send(process, "USR1", "USR2", "TERM");
            },
            ["profile", "--dataset", "digits", "--device", "cpu", "--threads", "1", "--epochs", "10000000"]);
        Assert.Equal(143, result.ExitCode);
        Assert.Matches("^interrupted (after|before) [^\n]*\n$", result.Error);
    }
}
