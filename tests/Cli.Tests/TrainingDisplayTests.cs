using System.Diagnostics;
using System.Text.RegularExpressions;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>A training on a terminal, which the program <c>script</c> of util-linux makes.</summary>
public sealed partial class TrainingDisplayTests
{
    /// <summary>What is written to a terminal of some width, without what moves the cursor or erases.</summary>
    private static string[] Train(int columns, int epochs)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "a terminal is made by script of util-linux");
        using var home = new TemporaryFolder();
        ProcessStartInfo program = CliProcess.StartInfo(
            ["train", "--dataset", "digits", "--device", "cpu", "--threads", "1", "--model", "linear(10)", "--epochs",
                $"{epochs}"], home.Path);
        string command = string.Join(' ', program.ArgumentList.Prepend(program.FileName).Select(word => $"'{word}'"));
        var terminal = new ProcessStartInfo("script", ["-qec", $"stty cols {columns} rows 50; exec {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in program.Environment)
            terminal.Environment[name] = value;
        terminal.Environment["TERM"] = "xterm";
        CliResult result = CliProcess.Finish(terminal);
        Assert.Equal(0, result.ExitCode);
        return [.. Escapes().Replace(result.Output, "").Split('\n').SelectMany(line => line.Split('\r'))
            .Select(line => line.TrimEnd())];
    }

    [SkippableFact]
    public void The_rows_that_a_pipe_would_get_stay_and_headings_say_what_is_before_and_after_the_step()
    {
        string[] lines = Train(columns: 80, epochs: 2000);
        Assert.Contains("              before  its step     after  time per", lines);
        Assert.Contains("    epoch       loss     train      test     epoch      left", lines);
        foreach (int epoch in (int[])[0, 1, 2, .. Enumerable.Range(1, 20).Select(n => 100 * n)])
            Assert.Contains(lines, line => Regex.IsMatch(line, $@"^ *{epoch}/2000 +\d+\.\d{{4}} +\d+\.\d\d % +\d+\.\d\d %"));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [SkippableFact]
    public void On_a_narrow_terminal_the_times_are_left_out()
    {
        string[] lines = Train(columns: 40, epochs: 5);
        Assert.Contains("epoch       loss     train      test", lines);
        Assert.Contains(lines, line => Regex.IsMatch(line, @"^  5/5 +\d+\.\d{4} +\d+\.\d\d % +\d+\.\d\d %$"));
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();
}
