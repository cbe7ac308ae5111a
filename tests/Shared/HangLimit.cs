using System.Diagnostics;

namespace IlgpuDistance.Tests;

/// <summary>
/// The one limit on how long a test waits for something that is certain to happen: a child process that ends, a line that is
/// printed, an answer. It is there to end a hang, and never decides about a machine that is merely busy.
/// </summary>
internal static class HangLimit
{
    public const double Seconds = 600;

    public static readonly TimeSpan Value = TimeSpan.FromSeconds(Seconds);

    /// <summary>A token source that is cancelled when the limit is over.</summary>
    public static CancellationTokenSource Start() => new(Value);

    /// <summary>Waits for a condition; fails where it does not become true.</summary>
    public static void WaitUntil(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, Value), $"what a test waits for did not happen within {Seconds} s");

    /// <summary>Reads both streams of a process to their ends and waits for its own; kills it where it hangs.</summary>
    public static (int ExitCode, string Output, string Error) WaitForEnd(Process process)
    {
        // Both streams are read at once: a full pipe that nobody reads would stop the process.
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Value))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new TimeoutException(
                $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ran longer than {Seconds} s; " +
                $"output: {output.Result}; error: {error.Result}");
        }
        return (process.ExitCode, output.Result, error.Result);
    }
}
