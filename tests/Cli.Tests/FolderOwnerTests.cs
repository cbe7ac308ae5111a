using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Processes that want one folder, where the operating system locks files and where it does not, as over some networks.</summary>
public sealed class FolderOwnerTests : IDisposable
{
    private static readonly string[] Common = ["--dataset", "digits", "--device", "cpu", "--threads", "1", "--checkpoint-seconds", "0"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ProcessStartInfo StartInfo(string verb, bool withLocks)
    {
        const string Model = "linear(3) > abs > linear(10)";
        string[] model = verb == "reproduce" ? ["--models", Model, "--runs", "1"] : ["--model", Model, "--resume"];
        ProcessStartInfo start = CliProcess.StartInfo([verb, .. model, "--epochs", "100000000", "--out", _folder["out"], .. Common], _folder.Path);
        start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = withLocks ? null : "1";
        return start;
    }

    [SkippableTheory]
    [InlineData("reproduce", true)]
    [InlineData("reproduce", false)]
    public void A_second_process_is_refused_at_once_with_the_first_one_s_name_and_takes_over_when_that_is_killed(string verb, bool withLocks)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has locks always");
        using Process first = StartTraining(verb, withLocks);
        HangLimit.WaitUntil(() => Directory.GetFiles(_folder["out"], "checkpoint", SearchOption.AllDirectories).Length > 0);
        CliResult second = CliProcess.Finish(StartInfo(verb, withLocks));
        Assert.Equal((2, ""), (second.ExitCode, second.Output));
        Assert.Matches($"^error: --out [^\n]*: process {first.Id} on [^\n]* is at work on this [^\n]*\n$", second.Error);
        Assert.False(first.HasExited);
        End(first);
        End(StartTraining(verb, withLocks));
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
