using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using IlgpuDistance.Tests;
using Xunit.Abstractions;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Experiments as processes, which are killed, refused, interrupted and run out of disk.</summary>
public sealed class ReproduceVerbTests(TinyExperiment tiny, ITestOutputHelper log) : IDisposable, IClassFixture<TinyExperiment>
{
    private const int Kills = 8;

    private static readonly string[] Files = ["metrics.csv", "model.safetensors", "run.json"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Arguments(string name, params string[] arguments) =>
        ["reproduce", "--data", tiny.Data, "--device", "cpu", "--out", _folder[name], .. arguments];

    private CliResult Reproduce(string name, params string[] arguments) => CliCall.Run(Arguments(name, arguments));

    private static void AssertDone(CliResult result)
    {
        Assert.Equal((0, ""), (result.ExitCode, result.ErrorButDeadOutputs));
        Assert.Matches(@"(?m)^\d+ runs? finished", result.Output);
    }

    private static void AssertRefused(CliResult result, string message)
    {
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {message}", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>The folders of all runs, relative to the experiment's, without the report.</summary>
    private static string[] RunsIn(string folder) =>
        [.. Directory.GetDirectories(folder).Where(path => Path.GetFileName(path) != "report")
            .SelectMany(Directory.GetDirectories).Select(path => Path.GetRelativePath(folder, path)).Order()];

    private string[] Runs(string name) => RunsIn(_folder[name]);

    private static string[] Metrics(string run) =>
        [.. File.ReadLines(Path.Combine(run, "metrics.csv")).Select(line => line[..line.LastIndexOf(',')])];

    private static string[] FilesIn(string run) => [.. Directory.GetFiles(run).Select(path => Path.GetFileName(path)).Order()];

    private static JsonElement RunJson(string run) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "run.json"))).RootElement;

    private static void AssertSameRun(string expected, string actual)
    {
        Assert.Equal(Files, FilesIn(actual));
        Assert.Equal(Metrics(expected), Metrics(actual));
        Assert.Equal(File.ReadAllBytes(Path.Combine(expected, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(actual, "model.safetensors")));
        Assert.Equal("completed", RunJson(actual).GetProperty("outcome").GetString());
        foreach (string figure in new[] { "epoch", "loss", "trainAccuracy", "testAccuracy" })
        {
            Assert.Equal(
                RunJson(expected).GetProperty("final").GetProperty(figure).GetDouble(),
                RunJson(actual).GetProperty("final").GetProperty(figure).GetDouble());
        }
    }

    private void AssertSameAsWhole(string name)
    {
        string[] runs = RunsIn(tiny.Whole);
        Assert.Equal(4, runs.Length);
        Assert.Equal(runs, Runs(name));
        Assert.All(runs, run => AssertSameRun(Path.Combine(tiny.Whole, run), Path.Combine(_folder[name], run)));
        AssertReported(_folder[name]);
        // Nothing else: no checkpoint, no half-written file.
        Assert.Equal(["experiment.json"],
            Directory.GetFiles(_folder[name]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    /// <summary>The report is there, and links to the page on which one draws, which is there as well.</summary>
    private static void AssertReported(string experiment)
    {
        string folder = Path.Combine(experiment, "report");
        string report = File.ReadAllText(Path.Combine(folder, "report.html"));
        Assert.Contains("<a href=\"page.html\">", report, StringComparison.Ordinal);
        Assert.Contains("</html>", File.ReadAllText(Path.Combine(folder, "page.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_whose_page_cannot_be_written_has_its_report()
    {
        Directory.CreateDirectory(_folder["done/report/page.html"]);
        CliResult result = Reproduce("done", [.. TinyExperiment.Options]);
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"(?m)^warning: no page on which one draws: .*page\.html", result.Error);
        Assert.DoesNotContain("page.html", File.ReadAllText(_folder["done/report/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_experiment_killed_at_random_moments_ends_with_the_bits_of_one_that_was_not()
    {
        int seed = Environment.TickCount, kills = 0;
        var (_, beginning, training) = StartAndKill("undisturbed", fromTraining: true, int.MaxValue);
        AssertSameAsWhole("undisturbed");
        log.WriteLine($"seed {seed}; undisturbed, the training begins after {beginning} ms and ends after {training} more");
#pragma warning disable CA5394 // Moments need not be unpredictable.
        var random = new Random(seed);
        for (int experiment = 0; kills < Kills; experiment++)
        {
            string name = $"killed {experiment}";
            bool ended = false;
            while (!ended)
            {
                // Most moments are in the training, some anywhere; after the last kill it is left to come to its end.
                bool fromTraining = kills % 4 > 0;
                int delay = kills == Kills ? int.MaxValue : random.Next(fromTraining ? training / 4 : beginning + training);
                (ended, _, _) = StartAndKill(name, fromTraining, delay);
                kills += ended ? 0 : 1;
                log.WriteLine(
                    $"{name}, {delay} ms of the {(fromTraining ? "training" : "process")}: " +
                    $"{(ended ? "came to its end" : $"killed; {Progress(name)}")}");
            }
            AssertSameAsWhole(name);
        }
#pragma warning restore CA5394
    }

    /// <summary>
    /// Starts the tiny experiment and kills it after a time, counted from its first line or from the line before the training.
    /// </summary>
    /// <returns>Whether it had ended before; the milliseconds to the line before the training, and from there to the
    /// end.</returns>
    private (bool Ended, int Beginning, int Training) StartAndKill(string name, bool fromTraining, int milliseconds)
    {
        ProcessStartInfo start = CliProcess.StartInfo(Arguments(name, [.. TinyExperiment.Options]), _folder.Path);
        var clock = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (fromTraining)
        {
            while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("about ", StringComparison.Ordinal)) { }
        }
        int beginning = (int)clock.ElapsedMilliseconds;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        bool ended = process.WaitForExit(TimeSpan.FromMilliseconds(Math.Min(milliseconds, HangLimit.Value.TotalMilliseconds)));
        // SIGKILL on Unix.
        process.Kill();
        process.WaitForExit();
        // It may have come to its end in the moment before the kill.
        ended |= process.ExitCode == 0;
        // A kill damages no checkpoint, so none is ever reported.
        Assert.Equal((ended ? 0 : OperatingSystem.IsWindows() ? -1 : 137, ""), (process.ExitCode, error.Result));
        return (ended, beginning, (int)clock.ElapsedMilliseconds - beginning);
    }

    private string Progress(string name) =>
        !Directory.Exists(_folder[name]) ? "nothing yet" : string.Join("; ", Runs(name).Select(run =>
        StoredCheckpoint.NewestIn(Path.Combine(_folder[name], run)) is { } state ? $"epoch {state.Epoch}"
        : File.Exists(Path.Combine(_folder[name], run, "model.safetensors")) ? "finished" : "no checkpoint"));

    [Fact]
    public void The_plan_is_told_before_and_a_line_after_every_run()
    {
        CliResult result = Reproduce("told", "--experiment", "main", "--preset", "quick", "--runs", "2", "--epochs", "30",
            "--jobs", "2");
        AssertDone(result);
        Assert.All(
            [
                "300 training and 100 test images",
                " trainings at the same time\n30 epochs, batch size full, learning rate 0.001\n",
                "2 runs of each of 6 models with seed 0", "runs left", "ReLU2-Neg ",
                " in all, as measured in a few epochs of each model\n",
            ],
            text => Assert.Contains(text, result.Output, StringComparison.Ordinal));
        string[] ends = [.. result.Output.Split('\n').Where(line => line.Contains(" run ", StringComparison.Ordinal))];
        Assert.Equal(12, ends.Length);
        Assert.Matches(
            @"^ 1/12  [A-Za-z2-]+ run 0: train \d+\.\d\d %  test \d+\.\d\d %  loss \d+\.\d{4}  in \d+\.\d s  \(\d+\.\d s left\)$",
            ends[0]);
        Assert.StartsWith("12/12  ", ends[^1], StringComparison.Ordinal);
        Assert.Equal("0.0 s left)", ends[^1].Split('(')[1]);
        Assert.Equal(12, Runs("told").Length);
        Assert.Contains(Path.Combine("Abs2-Neg", "1"), Runs("told"));
    }

    [Fact]
    public void Train_can_repeat_any_run_of_an_experiment()
    {
        AssertDone(Reproduce("all", "--models", "ReLU,Abs-L2-Neg", "--runs", "2", "--epochs", "9", "--seed", "-3", "--batch-size",
            "70"));
        foreach (int run in new[] { 0, 1 })
        {
            string[] arguments = ["--model", "Abs-L2-Neg", "--run", $"{run}", "--epochs", "9", "--seed", "-3", "--batch-size",
                "70", "--out", _folder[$"{run}"]];
            Assert.Equal(0, CliCall.Run(["train", "--data", tiny.Data, "--device", "cpu", .. arguments]).ExitCode);
            AssertSameRun(_folder[$"{run}"], Path.Combine(_folder["all"], "Abs-L2-Neg", $"{run}"));
        }
        Assert.NotEqual(Metrics(_folder["0"]), Metrics(_folder["1"]));
    }

    [Fact]
    public void An_experiment_can_be_asked_for_again_for_more_and_in_other_pieces_but_not_with_other_results()
    {
        string[] common = ["--epochs", "5", "--lr", "0.002", "--quiet"];
        AssertDone(Reproduce("a", ["--models", "Abs", "--runs", "1", .. common]));
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(_folder["a"], "Abs", "0", "run.json"));
        AssertDone(Reproduce(
            "a", ["--models", "ReLU,Abs", "--runs", "2", "--jobs", "2", "--threads", "1", "--checkpoint-every", "2", .. common]));
        Assert.Equal(["Abs/0", "Abs/1", "ReLU/0", "ReLU/1"], Runs("a").Select(run => run.Replace('\\', '/')));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(_folder["a"], "Abs", "0", "run.json")));

        CliResult again = Reproduce("a", "--models", "Abs", "--runs", "2", "--epochs", "5", "--lr", "0.002");
        AssertDone(again);
        Assert.Contains("; 2 runs finished before, 0 to go on from a checkpoint\n", again.Output, StringComparison.Ordinal);

        foreach (var (option, value, was) in new[] { ("--lr", "0.003", "0.002"), ("--epochs", "6", "5") })
        {
            int at = Array.IndexOf(common, option);
            AssertRefused(
                Reproduce("a", ["--models", "Abs", "--runs", "2", .. common[..(at + 1)], value, .. common[(at + 2)..]]),
                $"{option} {value}: {_folder["a"]} was begun with {option} {was}; use that, or name another folder with --out");
        }
        AssertRefused(
            CliCall.Run(["reproduce", "--dataset", "digits", "--device", "cpu", "--out", _folder["a"], "--models", "Abs",
                "--runs", "2", .. common]),
            "the data is digits (built into the program; 1442 and 355 images in 10 classes, MD5 ");
    }

    [SkippableFact]
    public async Task A_second_process_is_refused_and_Ctrl_C_leaves_checkpoints_to_go_on_from()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are sent with kill");
        string[] endless = ["--models", "Abs,ReLU", "--runs", "1", "--epochs", "100000000", "--checkpoint-seconds", "0",
            "--checkpoint-every", "5", "--jobs", "2"];
        for (int time = 0; time < 2; time++)
        {
            using Process process = Process.Start(CliProcess.StartInfo(Arguments("a", endless), _folder.Path))!;
            try
            {
                using CancellationTokenSource limit = HangLimit.Start();
                string told = "";
                while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
                {
                    told += line + "\n";
                    if (line.StartsWith("about ", StringComparison.Ordinal))
                        break;
                }
                Assert.Contains(time == 0 ? "with seed 0, in" : "; 0 runs finished before, 2 to go on from a checkpoint", told,
                    StringComparison.Ordinal);
                string[] runs = [Path.Combine(_folder["a"], "Abs", "0"), Path.Combine(_folder["a"], "ReLU", "0")];
                HangLimit.WaitUntil(() => runs.All(run => StoredCheckpoint.NewestIn(run) is not null));
                AssertRefused(Reproduce("a", endless),
                    $"{_folder["a"]}: process {process.Id} on {Environment.MachineName}, since ");

                using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                string error = await process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                Assert.Equal((130, $"interrupted: 0 of 2 runs are finished; see {_folder["a"]}; the same command goes on\n"),
                    (process.ExitCode, error));
                Assert.All(runs, run => Assert.Equal("running", RunJson(run).GetProperty("outcome").GetString()));
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }
        }
    }

    [Fact]
    public void A_run_that_diverges_is_a_result_and_the_others_go_on()
    {
        CliResult result = Reproduce(
            "a", "--models", "Abs", "--vary", "lr=0.001,1e30", "--input-scale", "unit", "--runs", "2", "--epochs", "20");
        AssertDone(result);
        Assert.Contains("4 runs finished, 2 of them diverged, ", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n[12]/4  Abs, lr 1E\+30 run 0: diverged: the loss of epoch \d+ is ", result.Output);
        Assert.Equal(2, Runs("a").Count(
            run => RunJson(Path.Combine(_folder["a"], run)).GetProperty("outcome").GetString() == "diverged"));
    }

    [Fact]
    public void Where_all_runs_diverge_there_is_a_report_that_says_so_and_neither_verb_ends_well()
    {
        string[] arguments = ["--models", "Abs,ReLU", "--runs", "2", "--epochs", "20", "--lr", "1e30"];
        CliResult result = Reproduce("a", arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("4 runs finished, 4 of them diverged, ", result.Output, StringComparison.Ordinal);
        Assert.StartsWith(
            "error: All of 4 runs diverged: there is no accuracy to report; ", result.Error, StringComparison.Ordinal);
        string report = Path.Combine(_folder["a"], "report", "report.md");
        Assert.Matches(@"(?s)^# All of 4 runs diverged\n.*\| ReLU *\| *1 *\| the loss of epoch ", File.ReadAllText(report));
        File.Delete(report);
        CliResult again = CliCall.Run("report", _folder["a"]);
        Assert.Equal((1, result.Error), (again.ExitCode, again.Error));
        Assert.True(File.Exists(report));
        // A share leaves the judgement to the report on all.
        CliResult share = Reproduce("b", [.. arguments, "--shard", "1/2"]);
        Assert.Equal((0, ""), (share.ExitCode, share.Error));
    }

    [SkippableFact]
    public void A_command_that_is_told_can_be_pasted_whatever_its_folder_is_called()
    {
        Skip.If(OperatingSystem.IsWindows(), "another shell reads other quotes");
        CliResult result = Reproduce("it's here", "--models", "Abs", "--runs", "1", "--epochs", "1", "--shard", "1/1");
        Match told = Regex.Match(result.Output, "is done; \"ilgpu-distance (.*)\" reports");
        CliResult pasted = CliProcess.RunByShell($"printf '%s\\n' {told.Groups[1]}", _folder.Path);
        Assert.Equal($"report\n{_folder["it's here"]}\n", pasted.Output);
    }

    [Fact]
    public void A_run_whose_folder_is_odd_is_left_out_and_the_others_go_on()
    {
        string[] arguments = ["--models", "Abs", "--runs", "2", "--epochs", "2"];
        string odd = Path.Combine(_folder["a"], "Abs", "0");
        Directory.CreateDirectory(odd);
        File.WriteAllText(Path.Combine(odd, "checkpoint"), "");
        CliResult result = Reproduce("a", arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(
            $"^warning: left out: {Regex.Escape(odd)}: run.json, .* is missing beside checkpoint; .*\n" +
            "error: 1 run left out: see the warnings above .*\n$", result.Error);
        Assert.True(File.Exists(Path.Combine(_folder["a"], "report", "report.html")));
        Directory.Delete(odd, recursive: true);
        Directory.CreateDirectory(Path.Combine(odd, ".owner"));
        result = Reproduce("a", arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches($"^warning: left out: {Regex.Escape(odd)}: .*\nerror: 1 run left out: ", result.Error);
        Directory.Delete(odd, recursive: true);
        AssertDone(Reproduce("a", arguments));
    }

    [SkippableFact]
    public void A_limit_on_the_size_of_files_costs_no_finished_run_and_the_same_command_goes_on_without_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the limit is set with a POSIX shell's ulimit");
        // 256 kB: more than the smaller model's checkpoint, less than the wider one's. A run-time that writes code through a
        // second mapping needs a larger file than that.
        CliResult limited = Shell("trap '' XFSZ; ulimit -f 512; exec \"$@\"",
            Arguments("limited", [.. TinyExperiment.Options, "--quiet"]), ("DOTNET_EnableWriteXorExecute", "0"));
        AssertStoppedWithOneRun(limited, "limited");
        AssertDone(Reproduce("limited", [.. TinyExperiment.Options]));
        AssertSameAsWhole("limited");
    }

    [SkippableFact]
    public void A_full_disk_costs_neither_a_finished_run_nor_the_last_checkpoint_and_the_same_command_goes_on()
    {
        const string Mount = "mount -t tmpfs -o size=1200k none \"$0\"";
        Skip.IfNot(OperatingSystem.IsLinux(), "a small disk is made with Linux's tmpfs");
        Directory.CreateDirectory(_folder["disk"]);
        Skip.If(Shell($"unshare -rm sh -c '{Mount}' \"$0\"", []).ExitCode != 0,
            "a small disk can be made neither as root nor in a user namespace");

        // The first run of the wide model leaves no room for a third copy of the second one's parameters.
        string[] arguments = Arguments("disk", [.. TinyExperiment.Options, "--quiet"]);
        CliResult full = Shell(
            $"unshare -rm sh -c '{Mount} && \"$@\"; status=$?; cp -r \"$0\" \"$0.kept\"; exit $status' \"$0\" \"$@\"", arguments);
        Assert.Equal("", full.Output);
        Assert.Equal(1, full.ExitCode);
        Assert.Matches(
            @"^error: cannot write .*: No space left on device.*; [12] of 4 runs are finished and kept, " +
            @"and the same command goes on\n$", full.Error);
        Directory.Delete(_folder["disk"]);
        Directory.Move(_folder["disk.kept"], _folder["disk"]);
        AssertDone(Reproduce("disk", [.. TinyExperiment.Options]));
        AssertSameAsWhole("disk");
    }

    /// <summary>Runs a line of shell, whose $0 is the folder "disk" and whose $@ is the program with arguments.</summary>
    private CliResult Shell(string line, string[] arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo program = CliProcess.StartInfo(arguments, _folder.Path);
        var shell = new ProcessStartInfo("sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        foreach (string argument in (string[])["-c", line, _folder["disk"], program.FileName, .. program.ArgumentList])
            shell.ArgumentList.Add(argument);
        foreach (var (name, value) in program.Environment)
            shell.Environment[name] = value;
        foreach (var (name, value) in environment)
            shell.Environment[name] = value;
        return CliProcess.Finish(shell);
    }

    private void AssertStoppedWithOneRun(CliResult result, string name)
    {
        Assert.Equal((1, ""), (result.ExitCode, result.Output));
        Assert.Matches(@"^error: cannot write .*; 1 of 4 runs are finished and kept, and the same command goes on\n$",
            result.Error);
        Assert.Single(Runs(name), run => File.Exists(Path.Combine(_folder[name], run, "model.safetensors")));
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_written_is_refused_in_one_line()
    {
        const string Folder = "/proc/ilgpu-distance";
        Skip.IfNot(OperatingSystem.IsLinux(), "root may write everywhere else");
        AssertRefused(
            CliCall.Run(["reproduce", "--data", tiny.Data, "--device", "cpu", "--out", Folder, .. TinyExperiment.Options]),
            $"{Folder}: cannot be written: ");
    }

    [Theory]
    [InlineData("reproduce: name the folder for the results with --out")]
    [InlineData("--runs 0: expected 1 or more", "--out", "a", "--runs", "0")]
    [InlineData("--preset slow: expected paper, paper-50k or quick", "--out", "a", "--preset", "slow")]
    [InlineData("--experiment and --models: both say which models", "--out", "a", "--experiment", "main", "--models", "Abs")]
    [InlineData("unknown model \"Abs3\"; did you mean Abs", "--out", "a", "--models", "ReLU,Abs3")]
    public void Wrong_use_is_refused_in_one_line(string message, params string[] arguments) =>
        AssertRefused(CliCall.Run(["reproduce", "--dataset", "digits", "--device", "cpu", .. arguments]), message);
}
