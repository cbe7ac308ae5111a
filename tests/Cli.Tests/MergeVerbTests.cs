using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>Parts of an experiment in folders of their own, which are joined.</summary>
public sealed class MergeVerbTests(TinyExperiment tiny) : IDisposable, IClassFixture<TinyExperiment>
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Arguments(string name, string[] options, params string[] more) =>
        ["reproduce", "--data", tiny.Data, "--device", "cpu", "--quiet", "--out", _folder[name], .. options, .. more];

    private void Train(string name, params string[] more) =>
        Assert.Equal(0, CliCall.Run(Arguments(name, [.. TinyExperiment.Options], more)).ExitCode);

    private CliResult Merge(params string[] names) =>
        CliCall.Run(["merge", .. names.SkipLast(1).Select(name => _folder[name]), "--out", _folder[names[^1]]]);

    private static void AssertRefused(CliResult result, string pattern)
    {
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Matches($"^error: {pattern}", Assert.Single(result.Error.TrimEnd().Split('\n')));
    }

    /// <summary>The files of all runs with their content.</summary>
    private static Dictionary<string, byte[]> FilesOf(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetDirectoryName(Path.GetRelativePath(folder, path)) is var at && at is not ("" or "report"))
            .Where(path => !path.Contains("report", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);

    private void AssertSameAsWhole(string name)
    {
        Dictionary<string, byte[]> whole = FilesOf(tiny.Whole), merged = FilesOf(_folder[name]);
        Assert.Equal(whole.Keys.Order(), merged.Keys.Order());
        Assert.All(whole.Keys.Where(path => path.EndsWith(".safetensors", StringComparison.Ordinal)),
            path => Assert.Equal(whole[path], merged[path]));
    }

    [Fact]
    public void Parts_become_the_whole_and_again_nothing_is_added_and_the_parts_stay_as_they_are()
    {
        Train("a", "--shard", "1/2");
        Train("b", "--shard", "2/2");
        Dictionary<string, byte[]> before = FilesOf(_folder["a"]);
        foreach (int added in new[] { 4, 0 })
        {
            CliResult result = Merge("a", "b", "c");
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Equal(
                $"4 runs of 2 models: 4 finished, 0 to go on from a checkpoint, 0 missing; {added} were added; " +
                $"see {_folder["c"]}\n", result.Output);
            AssertSameAsWhole("c");
        }
        Assert.Equal(before, FilesOf(_folder["a"]));
        // A part that is there already, to which the other one comes.
        Assert.Equal(0, Merge("b", "a").ExitCode);
        AssertSameAsWhole("a");
        Assert.Empty(Directory.GetDirectories(_folder["c"], ".*"));
        Assert.Equal(0, CliCall.Run("report", _folder["c"]).ExitCode);
    }

    [Fact]
    public void Thinned_runs_keep_some_rows_of_their_metrics_and_are_reported_merged_again_and_gone_on_with()
    {
        Assert.Equal(0, CliCall.Run("merge", tiny.Whole, "--out", _folder["kept"], "--thin", "2").ExitCode);
        string[] runs = Directory.GetDirectories(tiny.Whole, "?", SearchOption.AllDirectories);
        Assert.Equal(4, runs.Length);
        foreach (string run in runs)
        {
            string[] whole = File.ReadAllLines(Path.Combine(run, "metrics.csv"));
            string kept = Path.Combine(_folder["kept"], Path.GetRelativePath(tiny.Whole, run));
            Assert.Equal(
                whole.Where((line, row) => row < 3 || (row - 1) % 2 == 0 || row == whole.Length - 1),
                File.ReadAllLines(Path.Combine(kept, "metrics.csv")));
        }

        CliResult report = CliCall.Run("report", _folder["kept"]);
        Assert.Equal((0, ""), (report.ExitCode, report.Error));
        Assert.Equal(
            File.ReadAllLines(Path.Combine(tiny.Whole, "report", "summary.csv")).Length,
            File.ReadAllLines(_folder["kept/report/summary.csv"]).Length);
        CliResult again = CliCall.Run("merge", tiny.Whole, "--out", _folder["kept"], "--thin", "2");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Contains("; 0 were added;", again.Output, StringComparison.Ordinal);
        CliResult nothingLeft = CliCall.Run(Arguments("kept", [.. TinyExperiment.Options]));
        Assert.Equal((0, ""), (nothingLeft.ExitCode, nothingLeft.Error));
        AssertRefused(CliCall.Run("merge", tiny.Whole, "--out", _folder["x"], "--thin", "1"), "--thin 1: expected 2 or more");
    }

    [Fact]
    public void Whole_metrics_are_taken_rather_than_thinned_ones_in_any_order_and_stay_where_they_are()
    {
        const string Preferred = "4 runs had thinned and whole metrics in different folders; the whole ones were taken\n";
        Assert.Equal(0, CliCall.Run("merge", tiny.Whole, "--out", _folder["thin"], "--thin", "2").ExitCode);
        string[] orders = [tiny.Whole, _folder["thin"], tiny.Whole];
        foreach (string[] order in (string[][])[orders[..2], orders[1..]])
        {
            string to = _folder[$"from {order[0].Length}"];
            CliResult result = CliCall.Run(["merge", .. order, "--out", to]);
            Assert.Equal((0, Preferred), (result.ExitCode, result.Error));
            Assert.Equal(FilesOf(tiny.Whole), FilesOf(to));
        }
        Assert.Equal(Preferred, CliCall.Run("merge", tiny.Whole, "--out", _folder["thin"]).Error);
        Assert.Equal(FilesOf(tiny.Whole), FilesOf(_folder["thin"]));

        CliResult kept = CliCall.Run("merge", tiny.Whole, "--out", _folder["thin"], "--thin", "2");
        Assert.Equal(
            (0, $"warning: 4 runs in {_folder["thin"]} keep all rows of their metrics, as they were there already; " +
                "--thin makes copies in another folder\n"),
            (kept.ExitCode, kept.Error));
    }

    [Fact]
    public void What_a_merge_has_left_that_was_killed_is_in_nobody_s_way()
    {
        Train("a", "--shard", "1/2");
        Directory.CreateDirectory(_folder["c/.merge/run"]);
        File.WriteAllText(_folder["c/.merge/run/run.json"], "half");
        Assert.Equal(0, Merge("a", "c").ExitCode);
        Assert.Equal(FilesOf(_folder["a"]), FilesOf(_folder["c"]));
    }

    [Fact]
    public async Task Of_a_run_that_nobody_has_finished_the_one_that_has_come_farthest_is_taken_and_goes_on()
    {
        foreach (string name in new[] { "a", "b" })
        {
            string[] more = ["--shard", "1/4", "--threads", "1", "--jobs", "1"];
            using Process process = Process.Start(
                CliProcess.StartInfo(Arguments(name, [.. TinyExperiment.Options], more), _folder.Path))!;
            HangLimit.WaitUntil(() => process.HasExited || Directory.Exists(_folder[name]) &&
                Directory.GetFiles(_folder[name], "checkpoint.previous", SearchOption.AllDirectories).Length > 0);
            process.Kill();
            await process.WaitForExitAsync();
        }
        string run = Path.GetRelativePath(_folder["a"], Directory.GetFiles(
            _folder["a"], "run.json", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).Single());
        int EpochOf(string name) => StoredCheckpoint.NewestIn(Path.Combine(_folder[name], run))?.Epoch ?? 20;
        int farthest = Math.Max(EpochOf("a"), EpochOf("b"));
        CliResult result = Merge("a", "b", "c");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(farthest, EpochOf("c"));
        Assert.Matches(farthest == 20 ? "^4 runs of 2 models: 1 finished, 0 to" : "^4 runs of 2 models: 0 finished, 1 to go on ",
            result.Output);
        Train("c");
        AssertSameAsWhole("c");
        // The finished ones are better than that.
        Assert.Equal(0, Merge("c", "a").ExitCode);
        AssertSameAsWhole("a");
    }

    [Fact]
    public void The_same_run_twice_with_other_bits_is_refused_with_both_names_and_nothing_is_written()
    {
        string[] options = ["--models", "Abs", "--runs", "1", "--epochs", "2"];
        foreach (var (name, seed) in new[] { ("a", "1"), ("b", "1"), ("d", "2") })
            Assert.Equal(0, CliCall.Run(Arguments(name, options, "--seed", seed)).ExitCode);
        Assert.Equal(0, Merge("a", "b", "c").ExitCode);
        // The run of another seed, which says that it is of this one.
        foreach (string file in Directory.GetFiles(_folder["d/Abs/0"]))
            File.Copy(file, Path.Combine(_folder["b/Abs/0"], Path.GetFileName(file)), overwrite: true);
        string json = _folder["b/Abs/0/run.json"];
        File.WriteAllText(json, File.ReadAllText(json).Replace("\"seed\": 2", "\"seed\": 1", StringComparison.Ordinal));
        AssertRefused(Merge("a", "b", "new"),
            $"{_folder["a/Abs/0"]}, on .* \\(cpu, simd executor\\), and {_folder["b/Abs/0"]}, on .* \\(cpu, simd executor\\), " +
            "are the same run, but not with the same bits: " +
            "model.safetensors differs; ");
        Assert.False(Directory.Exists(_folder["new"]));
    }

    [Fact]
    public void Parts_of_different_experiments_are_refused_by_what_differs()
    {
        string[] options = ["--models", "Abs", "--runs", "1", "--epochs", "2"];
        Assert.Equal(0, CliCall.Run(Arguments("a", options)).ExitCode);
        Assert.Equal(0, CliCall.Run(Arguments("b", options, "--lr", "0.002")).ExitCode);
        AssertRefused(Merge("a", "b", "c"), $"{_folder["b"]}: has learning rate 0.002, and {_folder["a"]} 0.001; only parts ");
        Assert.Equal(0, CliCall.Run(
            ["reproduce", "--dataset", "digits", "--device", "cpu", "--quiet", "--out", _folder["d"], .. options]).ExitCode);
        AssertRefused(Merge("a", "d", "c"), $"{_folder["d"]}: was trained on digits .*, and {_folder["a"]} on ");

        string description = _folder["a/experiment.json"];
        string older = File.ReadAllText(description).Replace("\"program\": \"", "\"program\": \"9.", StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["e"]);
        File.WriteAllText(_folder["e/experiment.json"], older);
        AssertRefused(Merge("a", "e", "c"), $"{_folder["e"]}: was begun by version 9\\.");
        string[] l2 = ["--models", "Abs-L2", "--runs", "1", "--epochs", "2"];
        Assert.Equal(0, CliCall.Run(Arguments("f", l2)).ExitCode);
        Assert.Equal(0, CliCall.Run(Arguments("g", l2, "--offset-l2-form", "reference")).ExitCode);
        AssertRefused(Merge("f", "g", "c"), "Abs-L2 is linear.* in one folder and linear.*reference.* in another; ");
        Assert.Equal(0, CliCall.Run(Arguments("k", options, "--executor", "kernels")).ExitCode);
        AssertRefused(
            Merge("a", "k", "c"), $"{_folder["k"]}: has executor kernels, and {_folder["a"]} \\(not given\\); only parts ");
        AssertRefused(
            CliCall.Run(Arguments("k", options)),
            $"--executor \\(not given\\): {_folder["k"]} was begun with --executor kernels; use that, or name another ");
        AssertRefused(Merge("a", "nowhere", "c"), $"{_folder["nowhere"]}: there is no such folder");
        AssertRefused(CliCall.Run("merge", _folder["a"]), "merge: expected --out FOLDER; see ilgpu-distance merge --help");
        Assert.False(Directory.Exists(_folder["c"]));
    }

    [Fact]
    public void A_damaged_run_is_left_out_with_what_is_wrong_and_taken_from_another_part_where_that_has_it()
    {
        Train("a", "--shard", "1/2");
        Train("b", "--shard", "2/2");
        string model = Directory.GetFiles(_folder["a"], "model.safetensors", SearchOption.AllDirectories)[0];
        File.AppendAllText(model, "x");
        CliResult result = Merge("a", "b", "c");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(": 3 finished, 0 to go on from a checkpoint, 1 missing; 3 were added; ", result.Output,
            StringComparison.Ordinal);
        Assert.StartsWith($"warning: left out: {Path.GetDirectoryName(model)}: this run is completed, but model.safetensors ",
            result.Error, StringComparison.Ordinal);
        Train("d", "--shard", "1/2");
        result = Merge("a", "b", "d", "c");
        // Nothing lacks.
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("warning: left out: ", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        AssertSameAsWhole("c");
    }

    [SkippableTheory]
    [InlineData("run.json", ": cannot be read: ")]
    [InlineData("", ": run.json, which says what is trained here, is missing beside metrics.csv; ")]
    public void A_run_that_cannot_be_read_does_not_count_as_missing(string link, string problem)
    {
        Skip.If(OperatingSystem.IsWindows(), "symbolic links take rights there");
        Assert.Equal(0, CliCall.Run("merge", tiny.Whole, "--out", _folder["a"]).ExitCode);
        string json = Directory.GetFiles(_folder["a"], "run.json", SearchOption.AllDirectories)[0];
        File.Delete(json);
        // What leads in a circle nobody can open, root included.
        if (link.Length > 0)
            File.CreateSymbolicLink(json, json);
        CliResult result = Merge("a", "b");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(": 3 finished, 0 to go on from a checkpoint, 1 missing; ", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("warning: left out: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        Assert.EndsWith("error: 1 run was left out: see the warnings above\n", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_full_disk_leaves_whole_runs_only_and_the_same_command_goes_on()
    {
        const string Mount = "mount -t tmpfs -o size=600k none \"$0\"";
        Skip.IfNot(OperatingSystem.IsLinux(), "a small disk is made with Linux's tmpfs");
        Directory.CreateDirectory(_folder["c"]);
        CliResult Shell(string line, params string[] arguments)
        {
            ProcessStartInfo start = CliProcess.ShellInfo(line, _folder.Path, arguments);
            start.ArgumentList[2] = _folder["c"];
            return CliProcess.Finish(start);
        }
        Skip.If(Shell($"unshare -rm sh -c '{Mount}' \"$0\"").ExitCode != 0,
            "a small disk can be made neither as root nor in a user namespace");
        CliResult full = Shell(
            $"unshare -rm sh -c '{Mount} && \"$@\"; status=$?; cp -r \"$0\" \"$0.kept\"; exit $status' \"$0\" \"$@\"",
            "merge", tiny.Whole, "--out", _folder["c"]);
        Assert.Equal((1, ""), (full.ExitCode, full.Output));
        Assert.Matches(
            @"^error: .*No space left on device.*; what is in .* are whole runs, and the same command goes on\n$", full.Error);
        Directory.Delete(_folder["c"]);
        Directory.Move(_folder["c.kept"], _folder["c"]);
        int models = Directory.GetFiles(_folder["c"], "model.safetensors", SearchOption.AllDirectories).Length;
        Assert.InRange(models, 1, 3);
        Assert.Equal(models, Directory.GetFiles(_folder["c"], "run.json", SearchOption.AllDirectories).Length);
        CliResult again = CliCall.Run("merge", tiny.Whole, "--out", _folder["c"]);
        Assert.Contains($"; {4 - models} were added; ", again.Output, StringComparison.Ordinal);
        AssertSameAsWhole("c");
    }
}
