using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Files;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Slurm;

/// <summary>
/// A script that trains an experiment as a job array of Slurm, a share of the runs in each task, with a job behind it that writes
/// the report. <c>bash FILE</c> submits both; <c>sbatch</c> takes the file, too, for the array or some of its tasks.
/// </summary>
internal sealed record BatchScript
{
    /// <summary>The second line begins so.</summary>
    private const string Mark = "# Written by ilgpu-distance reproduce --sbatch";

    /// <summary>What a task is to take about, in seconds: long beside its beginning, and short enough to find a gap.</summary>
    private const double TaskSeconds = 1800;

    /// <summary>Slurm's own limit, MaxArraySize, is 1,001 where nobody has changed it.</summary>
    private const int MostTasks = 1000;

    /// <summary>Other machines are slower than the one that measured, and have other work.</summary>
    private const double TimeMargin = 1.5;

    private const int LeastMinutes = 10, MinuteStep = 5;

    private const double MemoryMargin = 2;

    private const long LeastMegabytes = 1024, MegabyteStep = 256;

    /// <summary>What is trained, in words.</summary>
    public required string Content { get; init; }

    /// <summary>The program, as a command with its arguments.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>The arguments by which a task trains, but for its share.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The file that says what is trained, from the root on.</summary>
    public required string Plan { get; init; }

    /// <summary>The folder of the results, from the root on.</summary>
    public required string Folder { get; init; }

    /// <summary>Tasks of the array.</summary>
    public required int Tasks { get; init; }

    /// <summary>What the longest task takes, as far as was measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processors of a task.</summary>
    public required int Processors { get; init; }

    /// <summary>Whether a task has a GPU.</summary>
    public required bool HasGpu { get; init; }

    /// <summary>What the measurement had of memory, at its peak.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Why Slurm may refuse an array of so many tasks; null where it takes it anywhere.</summary>
    public string? TooMany => Tasks <= MostTasks ? null :
        $"{Tasks} tasks are more than Slurm takes where its MaxArraySize, which scontrol show config tells, is still 1001; " +
        $"--tasks {MostTasks} is taken everywhere";

    /// <summary>
    /// How long the end of the program is waited for after the signal that comes two minutes before the limit of time; Slurm
    /// leaves a task half a minute to end.
    /// </summary>
    public int PatienceSeconds { get; init; } = 85;

    /// <summary>How many tasks an experiment is divided into where nobody says so.</summary>
    /// <param name="seconds">What all its runs take.</param>
    /// <param name="runs">Its runs.</param>
    public static int ChooseTasks(double seconds, int runs) =>
        Math.Clamp((int)Math.Min(Math.Ceiling(seconds / TaskSeconds), MostTasks), 1, Math.Max(1, runs));

    /// <summary>The limit of time for what takes some seconds, as <c>HH:MM:SS</c>.</summary>
    public static string LimitOf(double seconds)
    {
        double minutes = LeastMinutes + TimeMargin * seconds / 60;
        long rounded = (long)Math.Ceiling(minutes / MinuteStep) * MinuteStep;
        return $"{rounded / 60:00}:{rounded % 60:00}:00";
    }

    /// <summary>Checks that a script may be written to a file.</summary>
    /// <exception cref="InputException">
    /// The file is there and something else, a pipe or a device, or it cannot be written.
    /// </exception>
    public static void Check(string path)
    {
        // Read and replaced, which a pipe does not take.
        OutputFile.Check(Settings.BatchScript, path, isRewritten: true);
        if (File.Exists(path) && File.ReadLines(path).ElementAtOrDefault(1)?.StartsWith(Mark, StringComparison.Ordinal) != true)
        {
            throw new InputException(
                $"{Settings.BatchScript} {path}: is there already, and no script of this program; name another file");
        }
    }

    /// <summary>Writes the script.</summary>
    /// <param name="path">The file; an earlier script there is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path) =>
        AtomicFile.WriteText(path, writer => writer.Write(Text(Path.GetFileNameWithoutExtension(path), Path.GetFileName(path))));

    private string Text(string name, string file)
    {
        string quotedFile = ShellWords.Quoted(file);
        long megabytes = Math.Max(LeastMegabytes, (long)(MemoryMargin * MemoryBytes / (1 << 20)));
        megabytes = (megabytes + MegabyteStep - 1) / MegabyteStep * MegabyteStep;
        return $$"""
            #!/usr/bin/env bash
            {{Mark}}: {{Content}}
            # in {{Tasks}} tasks of about {{Duration.Text(Seconds)}} at most, as measured where it was written. Submit it by
            #
            #   bash {{quotedFile}} [OPTIONS OF SBATCH...]      for instance --partition=long --account=mine
            #
            # which submits the tasks and, behind them, the report. These options take precedence over those below.
            #
            # What is trained stands in {{Plan}}; more of it, or something else, takes another script.
            #
            # A task that comes near its limit of time, is preempted or requeued, or whose node is lost goes on from a checkpoint
            # when it is started again. When tasks have failed, the same command trains what is left; "sbatch --array=3,7
            # {{quotedFile}}" starts these two alone.{{(TooMany is null ? "" : $"\n#\n# {TooMany}.")}}
            #
            #SBATCH --job-name={{Quoted(name)}}
            #SBATCH --array=1-{{Tasks}}
            #SBATCH --time={{LimitOf(Seconds)}}
            #SBATCH --cpus-per-task={{Processors}}
            #SBATCH --mem={{megabytes}}M
            {{(HasGpu ? "#SBATCH --gres=gpu:1" : "# No GPU.")}}
            # Half a run goes on only on the kind of device on which it began: where there are several, add --constraint.
            # A signal to this shell two minutes before the limit of time; and a lost node or a preemption ends no task for good.
            #SBATCH --signal=B:USR1@120
            #SBATCH --requeue
            #SBATCH --open-mode=append
            #SBATCH --output={{Quoted($"{Folder.Replace("%", "%%", StringComparison.Ordinal)}/slurm-%A_%a.log")}}
            set -u

            program=({{ShellWords.Join(Program)}})
            arguments=({{ShellWords.Join(Arguments)}})
            folder={{ShellWords.Join([Folder])}}

            # Outside of the array: submits it, and the report, which begins when all tasks have ended well.
            if [[ -z ${SLURM_ARRAY_TASK_ID:-} ]]; then
              mkdir -p "$folder" || exit
              array=$(sbatch --parsable "$@" "$0") || exit
              # Which tasks there are is nothing to the report, which is one job.
              options=() is_array=0
              for option in "$@"; do
                ((is_array)) && is_array=0 && continue
                case $option in
                  --ar*=* | -a?*) ;;
                  --ar* | -a) is_array=1 ;;
                  *) options+=("$option") ;;
                esac
              done
              report=$(sbatch --parsable --time=01:00:00 --mem={{Math.Max(2048, megabytes)}}M ${options[@]+"${options[@]}"} \
                --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes --job-name={{ShellWords.Join([$"{name}-report"])}} \
                --output="${folder//%/%%}/slurm-%j.log" <<END
            #!/usr/bin/env bash
            mkdir -p $(printf '%q' "$folder/report")
            $(printf '%q ' "${program[@]}" page "$folder" --device cpu --out "$folder/report/page.html")
            exec $(printf '%q ' "${program[@]}" report "$folder")
            END
              ) || exit
              echo "job array ${array%%;*}, and behind it job ${report%%;*} for the report; see $folder"
              exit
            fi

            # The limit of time is near: the program is told to end, which it does after its epoch, with a checkpoint. The same
            # where Slurm stops the task for another reason.
            task='' near_limit=0 stopped=0 woken=0
            stop() {
              woken=1
              echo "$1: the training ends with a checkpoint"
              kill -TERM "$task" 2>/dev/null
            }
            trap 'near_limit=1; stop "the limit of time is near"' USR1
            trap 'stopped=1; stop "Slurm stops this task"' TERM

            "${program[@]}" "${arguments[@]}" --shard "$SLURM_ARRAY_TASK_ID/{{Tasks}}" &
            task=$!
            wait "$task"
            status=$?
            # This is the id of a task: SLURM_JOB_ID is that of the whole array in its last task.
            id=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
            # A signal ends the waiting, too.
            while ((woken)); do
              woken=0
              # Where an epoch takes that long, the task gets in line before the program has ended: at the limit itself it would
              # count as failed, and the report would not be made.
              for ((i = 0; i < {{5 * PatienceSeconds}} && near_limit && !stopped; i++)); do
                kill -0 "$task" 2>/dev/null || break
                sleep 0.2
              done
              if ((near_limit && !stopped)) && kill -0 "$task" 2>/dev/null; then
                scontrol requeue "$id" && near_limit=0
              fi
              wait "$task"
              status=$?
            done

            # 143 is the program's end by a signal, with runs that are not finished: the task gets in line again.
            if ((near_limit && status == 143)); then
              trap '' TERM
              # Slurm stops a task at the limit itself, too, and where somebody has cancelled it.
              if ! { ((stopped)) && scontrol show job "$id" | grep -q 'JobState=CANCELLED'; }; then
                scontrol requeue "$id" && exit
              fi
            fi
            exit "$status"

            """.ReplaceLineEndings("\n");
    }

    /// <summary>A value in a line of options, where sbatch takes quotes as a shell does.</summary>
    private static string Quoted(string value) => value.All(ShellWords.IsPlain) ? value
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
