using System.Diagnostics;
using IlgpuDistance.Cli.Slurm;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>
/// The script for Slurm, with commands in the place of Slurm's and of the program that write down how they are called;
/// <c>scripts/check-slurm</c> has the real ones.
/// </summary>
public sealed class BatchScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Calls => File.Exists(_folder["calls"]) ? File.ReadAllText(_folder["calls"]) : "";

    private BatchScript Script(params string[] program) => new()
    {
        Content = "6 runs of 2 models",
        Program = program,
        Arguments = ["reproduce", "--models=it's, linear(3) > abs", "--out=" + _folder["a b%"]],
        Plan = _folder["plan.json"],
        Folder = _folder["a b%"],
        Tasks = 3,
        Seconds = 4000,
        Processors = 4,
        HasGpu = false,
        MemoryBytes = 700L << 20,
    };

    private void Command(string name, string script)
    {
        File.WriteAllText(_folder[name], $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder[name], (UnixFileMode)0b111_101_101);
    }

    private ProcessStartInfo Start(string line, params (string Name, string Value)[] variables)
    {
        Skip.If(OperatingSystem.IsWindows(), "the script needs bash");
        var start = new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        string[] own = [.. start.Environment.Keys.Where(name => name.StartsWith("SLURM", StringComparison.Ordinal))];
        foreach (string name in own)
            start.Environment.Remove(name);
        start.Environment["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return start;
    }

    private static readonly (string, string)[] Task =
        [("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_ARRAY_JOB_ID", "70"), ("SLURM_JOB_ID", "70")];

    [Theory]
    [InlineData(1, 6, 1)]
    [InlineData(18_000, 120, 10)]
    [InlineData(18_000, 4, 4)]
    [InlineData(1e9, 10_000, 1000)]
    public void A_task_takes_half_an_hour_where_there_are_as_many_runs_and_no_more_than_an_array_may_have(
        double seconds, int runs, int tasks) => Assert.Equal(tasks, BatchScript.ChooseTasks(seconds, runs));

    [Theory]
    [InlineData(0, "00:10:00")]
    [InlineData(3600, "01:40:00")]
    [InlineData(200_000, "83:30:00")]
    public void The_limit_of_time_is_half_as_long_again_and_ten_minutes(double seconds, string limit) =>
        Assert.Equal(limit, BatchScript.LimitOf(seconds));

    [SkippableFact]
    public void Outside_of_an_array_it_submits_itself_and_behind_it_the_report()
    {
        Script(_folder["program"]).Write(_folder["my job.sh"]);
        Command("sbatch", $"""
            printf '%s\n' "$@" . >>'{_folder["calls"]}'
            if [[ $* == *dependency* ]]; then cat >>'{_folder["calls"]}'; echo 71; else echo '70;cluster'; fi
            """);
        CliResult result = CliProcess.Finish(Start("bash 'my job.sh' --partition=long"));
        Assert.Equal(
            (0, $"job array 70, and behind it job 71 for the report; see {_folder["a b%"]}\n", ""),
            (result.ExitCode, result.Output, result.Error));
        Assert.Equal(
            $"""
            --parsable
            --partition=long
            my job.sh
            .
            --parsable
            --time=01:00:00
            --mem=2048M
            --partition=long
            --dependency=afterok:70
            --kill-on-invalid-dep=yes
            --job-name=my job-report
            --output={_folder["a b%%"]}/slurm-%j.log
            .
            #!/usr/bin/env bash
            mkdir -p {_folder["a\\ b%/report"]}
            {_folder["program"]} page {_folder["a\\ b%"]} --device cpu --out {_folder["a\\ b%/report/page.html"]} 
            exec {_folder["program"]} report {_folder["a\\ b%"]} 

            """.ReplaceLineEndings("\n"), Calls);
        Assert.Contains($"\n#SBATCH --output=\"{_folder["a b%%"]}/slurm-%A_%a.log\"\n", File.ReadAllText(_folder["my job.sh"]),
            StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("--array=3,7")]
    [InlineData("--array 3,7")]
    [InlineData("-a 3,7")]
    [InlineData("-a3,7")]
    public void Which_tasks_are_submitted_is_no_option_of_the_report(string array)
    {
        Script(_folder["program"]).Write(_folder["job.sh"]);
        Command("sbatch", $"echo \"$@\" >>'{_folder["calls"]}'; echo 70");
        Assert.Equal(0, CliProcess.Finish(Start($"bash job.sh --qos=low {array} --account='a b'")).ExitCode);
        Assert.Equal(
            $"--parsable --qos=low {array} --account=a b job.sh\n" +
            "--parsable --time=01:00:00 --mem=2048M --qos=low --account=a b --dependency=afterok:70 --kill-on-invalid-dep=yes " +
            $"--job-name=job-report --output={_folder["a b%%"]}/slurm-%j.log\n", Calls);
    }

    [SkippableTheory]
    [InlineData("0")]
    [InlineData("2")]
    public void A_task_trains_its_share_and_ends_as_the_program_does(string status)
    {
        Command("program", $"printf '%s\n' \"$@\" >>'{_folder["calls"]}'; exit {status}");
        Script(_folder["program"]).Write(_folder["job.sh"]);
        CliResult result = CliProcess.Finish(Start("bash job.sh", Task));
        Assert.Equal(($"{result.ExitCode}", "", ""), (status, result.Output, result.Error));
        Assert.Equal($"reproduce\n--models=it's, linear(3) > abs\n--out={_folder["a b%"]}\n--shard\n3/3\n", Calls);
    }

    [SkippableTheory]
    [InlineData("USR1", 0, "ended\nrequeue 70_3\n")]
    [InlineData("TERM", 143, "ended\n")]
    public void A_signal_ends_the_program_with_a_checkpoint_and_near_the_limit_of_time_the_task_gets_in_line_again(
        string signal, int exitCode, string calls)
    {
        // The program takes a while to end after the signal, as for the epoch.
        Command("program", $"""
            trap 'sleep 0.3; echo ended >>'\''{_folder["calls"]}'\''; exit 143' TERM
            touch '{_folder["begun"]}'
            while :; do sleep 0.1; done
            """);
        Command("scontrol", $"echo \"$@\" >>'{_folder["calls"]}'");
        Script(_folder["program"]).Write(_folder["job.sh"]);
        CliResult result = CliProcess.Finish(Start(
            $"bash job.sh & until [[ -f begun ]]; do sleep 0.05; done; kill -{signal} $!; wait $!", Task));
        Assert.Equal((exitCode, calls), (result.ExitCode, Calls));
    }

    /// <summary>At the limit itself Slurm stops a task whose epoch takes longer than the time between.</summary>
    [SkippableTheory]
    [InlineData("TIMEOUT", 0, "show job 70_3\nrequeue 70_3\n")]
    [InlineData("CANCELLED", 143, "show job 70_3\n")]
    public void A_task_that_is_stopped_after_the_signal_of_the_limit_gets_in_line_again_unless_somebody_has_cancelled_it(
        string state, int exitCode, string calls)
    {
        Command("program", $"trap 'sleep 0.5; exit 143' TERM; touch '{_folder["begun"]}'; while :; do sleep 0.1; done");
        Command("scontrol", $"echo \"$@\" >>'{_folder["calls"]}'; echo JobState={state} Reason=None");
        Script(_folder["program"]).Write(_folder["job.sh"]);
        CliResult result = CliProcess.Finish(Start(
            "bash job.sh >log & until [[ -f begun ]]; do sleep 0.05; done; kill -USR1 $!; " +
            "until grep -q limit log; do sleep 0.05; done; kill -TERM $!; wait $!", Task));
        Assert.Equal((exitCode, calls), (result.ExitCode, Calls));
    }

    [SkippableFact]
    public void A_task_whose_epoch_takes_until_the_limit_gets_in_line_again_before_it()
    {
        Command("program", $"trap '' TERM; touch '{_folder["begun"]}'; sleep 3; exit 143");
        Command("scontrol", $"echo \"$@\" >>'{_folder["calls"]}'");
        (Script(_folder["program"]) with { PatienceSeconds = 1 }).Write(_folder["job.sh"]);
        CliResult result = CliProcess.Finish(Start(
            "bash job.sh & until [[ -f begun ]]; do sleep 0.05; done; kill -USR1 $!; wait $!", Task));
        Assert.Equal((143, "requeue 70_3\n"), (result.ExitCode, Calls));
    }

    [SkippableFact]
    public void A_program_that_finishes_in_spite_of_the_signal_has_finished()
    {
        Command("program", $"trap '' TERM; touch '{_folder["begun"]}'; sleep 0.5; exit 0");
        Command("scontrol", $"echo \"$@\" >>'{_folder["calls"]}'");
        Script(_folder["program"]).Write(_folder["job.sh"]);
        CliResult result = CliProcess.Finish(Start(
            "bash job.sh & until [[ -f begun ]]; do sleep 0.05; done; kill -USR1 $!; wait $!", Task));
        Assert.Equal((0, ""), (result.ExitCode, Calls));
    }

    [SkippableFact]
    public void The_verb_writes_it_and_replaces_no_other_file()
    {
        Skip.If(OperatingSystem.IsWindows(), "paths have other forms");
        string[] arguments = ["reproduce", "--models", "Abs,ReLU", "--runs", "3", "--epochs", "4", "--dataset", "digits",
            "--device", "cpu", "--out", _folder["out"], "--quiet", "--lr", "0.01", "--sbatch", _folder["job.sh"]];
        for (int time = 0; time < 2; time++)
        {
            CliResult result = CliCall.Run([.. arguments, "--tasks", "2"]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.StartsWith($"{_folder["job.sh"]}: 6 runs of 2 models in 2 tasks of about ", result.Output,
                StringComparison.Ordinal);
        }
        string plan = Assert.Single(Directory.GetFiles(_folder["out"], "experiment-????????.json"));
        string script = File.ReadAllText(_folder["job.sh"]);
        Assert.Contains("\n#SBATCH --array=1-2\n#SBATCH --time=00:15:00\n#SBATCH --cpus-per-task=4\n", script,
            StringComparison.Ordinal);
        Assert.Contains(
            $"\narguments=(reproduce --config={plan} --offline --device=cpu --threads=4 --jobs=1 --out={_folder["out"]})\n",
            script, StringComparison.Ordinal);
        Assert.Equal([plan, _folder["out/experiment.json"]], Directory.GetFileSystemEntries(_folder["out"]).Order());

        File.WriteAllText(_folder["job.sh"], "#!/bin/sh\nmine\n");
        CliResult refused = CliCall.Run(arguments);
        Assert.Equal(
            (2, $"error: --sbatch {_folder["job.sh"]}: is there already, and no script of this program; name another file\n"),
            (refused.ExitCode, refused.Error));
        Assert.Equal("#!/bin/sh\nmine\n", File.ReadAllText(_folder["job.sh"]));
    }

    /// <summary>The arguments by which a task trains, as the shell reads them from a script.</summary>
    private string[] ArgumentsOfTask() => CliProcess.Finish(Start(
        "source /dev/stdin <<<\"$(grep '^arguments=' job.sh)\"; printf '%s\\n' \"${arguments[@]}\""))
        .Output.TrimEnd().Split('\n');

    [SkippableFact]
    public void A_task_trains_what_was_asked_for_whatever_becomes_of_the_files_and_folders_meanwhile()
    {
        Skip.If(OperatingSystem.IsWindows(), "the script needs bash");
        string data = PartOfDigits.Write(_folder["my data"], train: 60, test: 30);
        string[] common = ["--device", "cpu", "--threads", "1", "--quiet"];
        foreach (string start in (string[])["first", "second"])
        {
            Assert.Equal(0, CliCall.Run(["train", "--data", data, "--model", "linear(3) > linear(10)", "--epochs", "1", "--seed",
                start == "first" ? "1" : "2", "--out", _folder[start], .. common]).ExitCode);
        }
        File.WriteAllText(_folder["a.toml"], """
            models = "linear(3) > linear(10)"
            data = "my data"
            batch-size = 20
            runs = 2
            epochs = 3
            eval-every = 2
            checkpoint-every = 7
            vary = { lr = [0.01, 0.02], init = "first,second" }
            """);
        CliResult written = CliProcess.RunByShell(
            "\"$@\"", _folder.Path,
            ["reproduce", "--config", "a.toml", "--out", "out", "--sbatch", "job.sh", "--tasks", "2", .. common]);
        Assert.Equal((0, ""), (written.ExitCode, written.Error));

        // From another folder; the file of options says something else now, and so does the experiment.
        File.WriteAllText(_folder["a.toml"], "models = \"linear(3) > linear(10)\"\nruns = 1");
        string[] arguments = ArgumentsOfTask();
        Assert.Contains("--checkpoint-every=7", arguments);
        Assert.Equal(0, CliCall.Run(
            ["reproduce", "--data", data, "--out", _folder["out"], "--models", "linear(3) > linear(10)", "--batch-size", "20",
                "--epochs", "3", "--runs", "1", "--vary", "lr=0.03", "--eval-every", "2", .. common]).ExitCode);
        for (int task = 1; task <= 2; task++)
        {
            CliResult result = CliCall.Run([.. arguments, "--shard", $"{task}/2"]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Contains($"share {task}/2, 4 runs of 4 models, with seed 0", result.Output, StringComparison.Ordinal);
        }
        Assert.Equal(9, Directory.GetFiles(_folder["out"], "model.safetensors", SearchOption.AllDirectories).Length);

        File.Copy(_folder["first/model.safetensors"], _folder["second/model.safetensors"], overwrite: true);
        File.Copy(_folder["first/run.json"], _folder["second/run.json"], overwrite: true);
        CliResult refused = CliCall.Run([.. arguments, "--shard", "1/2"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(" was trained with SHA-256 of the initial parameters ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void More_tasks_than_Slurm_takes_everywhere_are_told()
    {
        CliResult result = CliCall.Run("reproduce", "--models", "linear(1) > linear(10)", "--runs", "1200", "--epochs", "1",
            "--dataset", "digits", "--device", "cpu", "--out", _folder["out"], "--tasks", "1100", "--sbatch",
            _folder["my job.sh"]);
        Assert.Equal(0, result.ExitCode);
        Assert.EndsWith($"\"bash '{_folder["my job.sh"]}'\" submits them, with a job for the report behind them\n", result.Output,
            StringComparison.Ordinal);
        Assert.StartsWith($"warning: {_folder["my job.sh"]}: 1100 tasks are more than Slurm takes where its MaxArraySize",
            result.Error, StringComparison.Ordinal);
        Assert.Contains("\n# 1100 tasks are more than Slurm takes ", File.ReadAllText(_folder["my job.sh"]),
            StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("--sbatch", "/dev/stdout")]
    [InlineData("--sbatch", "pipe")]
    [InlineData("--config", "pipe.toml")]
    public void A_pipe_is_refused_and_not_waited_for(string option, string path)
    {
        Skip.If(OperatingSystem.IsWindows(), "named pipes are made with mkfifo");
        CliResult result = CliProcess.RunByShell(
            "mkfifo pipe pipe.toml; \"$@\"", _folder.Path, "reproduce", "--models", "Abs", "--runs", "1", "--epochs", "1",
            "--dataset", "digits", "--device", "cpu", "--out", "out", option, path);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains($"{path}: is a pipe or a device; name a file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void For_a_GPU_that_is_not_here_the_processor_measures_and_a_task_asks_for_one_whatever_its_number()
    {
        CliResult result = CliCall.Run("reproduce", "--models", "Abs", "--runs", "1", "--epochs", "4", "--dataset", "digits",
            "--device", "cuda:977", "--out", _folder["out"], "--sbatch", _folder["job.sh"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^warning: device \"cuda:977\": .*; the times are measured on the processor of this machine instead\n$",
            result.Error);
        string script = File.ReadAllText(_folder["job.sh"]);
        Assert.Contains("\n#SBATCH --gres=gpu:1\n", script, StringComparison.Ordinal);
        Assert.Contains(" --device=cuda --jobs=1 ", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tasks: is about ", "--tasks", "3")]
    [InlineData("--tasks 0: expected 1 or more", "--tasks", "0", "--sbatch", "job.sh")]
    [InlineData("--shard and --sbatch: ", "--shard", "1/2", "--sbatch", "job.sh")]
    public void Options_that_do_not_go_together_are_refused(string problem, params string[] options)
    {
        CliResult result = CliCall.Run(["reproduce", "--out", _folder["out"], .. options]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: {problem}", result.Error, StringComparison.Ordinal);
    }
}
