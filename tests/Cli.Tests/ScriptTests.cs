using System.Diagnostics;
using System.Globalization;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>The scripts for people with a GPU, as far as they need neither a GPU nor minutes.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Header = "epoch,loss,train_accuracy,test_accuracy,seconds\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CliResult Run(string script, params string[] arguments) => Run(script, null, arguments);

    /// <summary>Runs a script, with commands of a folder before others where one is given.</summary>
    private static CliResult Run(string script, string? commands, string[] arguments)
    {
        Skip.If(OperatingSystem.IsWindows(), "the scripts need bash");
        Skip.If(Checkout.Folder is null, Checkout.WhyMissing);
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(Checkout.Folder!, "scripts", script), .. arguments])
            start.ArgumentList.Add(argument);
        if (commands is not null)
            start.Environment["PATH"] = $"{commands}:{Environment.GetEnvironmentVariable("PATH")}";
        return CliProcess.Finish(start);
    }

    private string Write(string name, string rows)
    {
        File.WriteAllText(_folder[name], Header + rows);
        return _folder[name];
    }

    [SkippableFact]
    public void Learning_curves_are_compared_by_ranges_of_epochs()
    {
        string cpu = Write(
            "cpu.csv", "0,2,10.0000,11.0000,1\n1,1.5,20.0000,,1\n2,1.25,30.0000,32.0000,0.020\n11,1,40.0000,41.0000,0.040\n");
        string gpu = Write(
            "gpu.csv", "0,2,10.0000,11.0000,9\n1,1.5,20.5000,,9\n2,1.5,30.2500,33.0000,0.005\n11,1E-1,40.0000,40.5000,0.010\n");
        var (exitCode, output, error) = Run("compare-metrics", cpu, gpu);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(
            [
                "| epochs | loss | loss, relative | train accuracy | test accuracy |",
                "|---|--:|--:|--:|--:|",
                "| 0 | 0 | 0 | 0.000 | 0.000 |",
                "| 1–10 | 0.25 | 0.2 | 0.500 | 1.000 |",
                "| 11–50 | 0.9 | 0.9 | 0.000 | 0.500 |",
                "",
                // Means of the epochs behind the first: 30 ms and 7.5 ms.
                "An epoch takes 30.00 ms and 7.50 ms on average, without the first, in which code is compiled: the second " +
                    "is 4.00 times as fast.",
            ],
            output.TrimEnd().Split('\n'));
    }

    [SkippableFact]
    public void Curves_that_end_early_or_in_no_number_are_compared_as_far_as_they_go_and_that_is_said()
    {
        string cpu = Write("cpu.csv", "0,2,10.0000,11.0000,1\n1,1.5,20.0000,21.0000,1\n2,NaN,9.0000,,1\n");
        string gpu = Write(
            "gpu.csv", "0,2,10.0000,11.0000,1\n1,1.5,20.0000,21.0000,1\n2,1.4,22.0000,23.0000,1\n3,1.3,24.0000,25.0000,1\n");
        var (exitCode, output, _) = Run("compare-metrics", cpu, gpu);
        Assert.Equal(0, exitCode);
        Assert.Contains("| 1–10 | 0 | 0 | 0.000 | 0.000 |", output, StringComparison.Ordinal);
        Assert.Contains("From epoch 2 on, a loss is not finite", output, StringComparison.Ordinal);
        Assert.Contains("The first has 3 epochs and the second 4", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void What_is_no_pair_of_metrics_is_refused_in_one_line()
    {
        string metrics = Write("metrics.csv", "0,2,10.0000,11.0000,1\n"), other = _folder["other.csv"];
        File.WriteAllText(other, "a,b\n");
        foreach (var (problem, arguments) in new (string, string[])[]
        {
            ("expected two files", [metrics]),
            ($"{_folder["none.csv"]}: there is no such file", [metrics, _folder["none.csv"]]),
            ($"{other}: begins with \"a,b\" in place of \"epoch,", [metrics, other]),
            ($"{metrics} and {Write("later.csv", "7,1,1,1,1\n")} have no epoch in common", [metrics, _folder["later.csv"]]),
        })
        {
            var (exitCode, output, error) = Run("compare-metrics", arguments);
            Assert.Equal((2, ""), (exitCode, output));
            Assert.StartsWith($"error: {problem}", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [InlineData("none: is no program; scripts/publish makes it", "none", "")]
    [InlineData("/usr: is no program; scripts/publish makes it", "/usr", "")]
    [InlineData("nowhere: there is no such folder", "/bin/true", "nowhere")]
    public void A_report_on_a_GPU_refuses_what_it_cannot_use_before_it_begins(string problem, string program, string data)
    {
        var (exitCode, output, error) = Run("on-a-gpu", program, data);
        Assert.Equal((2, "", $"error: {problem}\n"), (exitCode, output, error));
    }

    /// <summary>
    /// Commands for a report on a GPU: a program that has done its work as soon as it is called, and a <c>timeout</c> that writes
    /// the seconds which a part of the report may take to a file.
    /// </summary>
    private void WriteCommands(string automatic)
    {
        WriteCommand("program", $$"""
            case "$*" in
              "devices --json") cat <<'end' ;;
            {
              "auto": "{{automatic}}",
              "devices": [
                {
                  "selector": "cpu",
                  "name": "A processor",
                  "refusal": null
                },
                {
                  "selector": "cuda:0",
                  "name": "A \"card\"",
                  "refusal": "does not start"
                }
              ]
            }
            end
              train*)
                while (($# > 1)); do shift; done
                mkdir -p "$1"
                printf '{{Header.TrimEnd()}}\n0,2,10,11,1\n' >"$1/metrics.csv" ;;
              *) echo "it was asked to: $*" ;;
            esac
            """);
        WriteCommand("timeout", $$"""
            case "$1" in
              --signal=INT) shift 3 ;;
              *) echo "$2" >>'{{_folder["seconds"]}}'; shift 2 ;;
            esac
            exec "$@"
            """);
        WriteCommand("nvidia-smi", "echo a card");
        WriteCommand("python3", "echo PyTorch");
    }

    private void WriteCommand(string name, string script)
    {
        File.WriteAllText(_folder[name], $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder[name], (UnixFileMode)0b111_101_101);
    }

    [SkippableFact]
    public void A_report_on_a_GPU_needs_one_unless_a_device_is_named()
    {
        WriteCommands(automatic: "cpu");
        string[] arguments = [_folder["program"], "", _folder["out"]];
        var (exitCode, output, error) = Run("on-a-gpu", _folder.Path, arguments);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            "error: no GPU can be used here; A \\\"card\\\" does not start; to try this out, name a device, such as cpu\n",
            error);
        Assert.False(Directory.Exists(_folder["out"]));

        Assert.Equal(0, Run("on-a-gpu", _folder.Path, [.. arguments, "cpu"]).ExitCode);
        Assert.StartsWith(
            "# On A processor (cpu), 2", File.ReadAllText(Path.Combine(_folder["out"], "README.md")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_report_on_a_GPU_takes_eight_minutes_at_most()
    {
        WriteCommands(automatic: "cuda:0");
        var (exitCode, _, error) = Run("on-a-gpu", _folder.Path, [_folder["program"], _folder.Path, _folder["out"]]);
        Assert.Equal(0, exitCode);
        Assert.Contains("PyTorch on the same GPU ... ok", error, StringComparison.Ordinal);
        Assert.InRange(
            File.ReadLines(_folder["seconds"]).Sum(line => int.Parse(line, CultureInfo.InvariantCulture)), 240, 480);
        string report = File.ReadAllText(Path.Combine(_folder["out"], "README.md"));
        Assert.Contains("it was asked to: verify --device cuda:0 --out verify.html", report, StringComparison.Ordinal);
        // On a device of any speed.
        Assert.Matches("it was asked to: profile --model ReLU .* --epochs 50 --seconds 5 ", report);
        Assert.Contains("| 0 | 0 | 0 | 0.000 | 0.000 |", report, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Publishing_refuses_platforms_on_which_the_program_does_not_run()
    {
        var (exitCode, output, error) = Run("publish", Path.GetTempPath(), "linux-musl-x64");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("error: linux-musl-x64: expected linux-x64", error, StringComparison.Ordinal);
    }
}
