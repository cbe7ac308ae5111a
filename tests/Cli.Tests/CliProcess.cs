using System.Diagnostics;
using System.Globalization;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>What a run of the program left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>What was told on standard error, but for dead outputs, which small trainings of ReLU2 get by chance.</summary>
    public string ErrorButDeadOutputs => string.Join('\n', Error.Split('\n').Where(
        line => !line.StartsWith("warning: ReLU2", StringComparison.Ordinal) ||
            !line.Contains(" the same for all test images", StringComparison.Ordinal)));
}

/// <summary>
/// Runs the built program as its own process, shut off from the user's environment: no data folder is named, and home
/// and cache are an empty folder. Tests that may look for MNIST pass --offline themselves.
/// </summary>
internal static class CliProcess
{
    private const int Hangup = 1, Interrupt = 2, Terminate = 15;

    /// <summary>
    /// Whether this process ignores what tests send to its children, as shells arrange it for what they start in the background;
    /// the children would inherit that.
    /// </summary>
    private static bool IgnoresSignals { get; } = OperatingSystem.IsLinux() && ReadIgnored() is var ignored &&
        new[] { Hangup, Interrupt, Terminate }.Any(signal => (ignored >> (signal - 1) & 1) != 0);

    /// <summary>Runs the program and waits for its end.</summary>
    public static CliResult Run(params string[] arguments) => Run(arguments, new Dictionary<string, string?>());

    /// <summary>Runs the program and waits for its end.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="environment">Variables to set, or to remove where the value is null.</param>
    public static CliResult Run(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
    {
        using var home = new TemporaryFolder();
        ProcessStartInfo start = StartInfo(arguments, home.Path);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return Finish(start);
    }

    /// <summary>Runs the program by a line of sh, in which it stands as <c>"$@"</c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="folder">The folder that stands for home, cache and working directory.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What the line left behind; its exit code is sh's.</returns>
    public static CliResult RunByShell(string line, string folder, params string[] arguments) =>
        Finish(ShellInfo(line, folder, arguments));

    /// <summary>How a line of sh is started, in which the program stands as <c>"$@"</c>.</summary>
    public static ProcessStartInfo ShellInfo(string line, string folder, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(arguments, folder);
        string[] program = [start.FileName, .. start.ArgumentList];
        start.FileName = "sh";
        start.ArgumentList.Clear();
        foreach (string argument in (string[])["-c", line, "sh", .. program])
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Starts a process whose output and errors are redirected, and waits for its end.</summary>
    public static CliResult Finish(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        if (start.RedirectStandardInput)
            process.StandardInput.Close();
        var (exitCode, output, error) = HangLimit.WaitForEnd(process);
        return new CliResult(exitCode, output, error);
    }

    /// <summary>How the program is started, with all its streams redirected.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="home">The folder that stands for home, cache and working directory.</param>
    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, string home)
    {
        string dotnet = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(IgnoresSignals ? "env" : dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
        };
        foreach (string argument in IgnoresSignals ? ["--default-signal=HUP,INT,TERM", dotnet] : (string[])[])
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ilgpu-distance.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment(home))
            start.Environment[name] = value;
        // Most of a short process is compilation.
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        return start;
    }

    /// <summary>
    /// The variables of the environment by which the program would find what is the user's; null where one is removed.
    /// </summary>
    public static IEnumerable<(string Name, string? Value)> Environment(string home) =>
        [("ILGPU_DISTANCE_DATA", null), ("HOME", home), ("XDG_CACHE_HOME", home), ("LOCALAPPDATA", home)];

    /// <summary>The signals that this process ignores, as bits.</summary>
    private static ulong ReadIgnored()
    {
        const string Name = "SigIgn:";
        string? line = File.ReadLines("/proc/self/status")
            .FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return line is null ? 0 : ulong.Parse(
            line.AsSpan(Name.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
