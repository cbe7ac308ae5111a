using CommandLine;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Training.Experiments;
using IlgpuDistance.Training.Words;

namespace IlgpuDistance.Cli.Verbs;

[Verb("merge", HelpText = "Join folders that each hold a part of an experiment, as \"reproduce --shard\" leaves them.")]
internal sealed class MergeVerb : Verb
{
    [Value(0, MetaName = "FOLDER...", Required = true,
        HelpText = "The parts: folders that \"reproduce --out\" wrote with the same options. They stay as they are.")]
    public IEnumerable<string> Folders { get; set; } = [];

    [Option("out", Required = true, MetaValue = "FOLDER",
        HelpText = "The folder of the whole. What is there already of the experiment stays, so that a merge that was stopped " +
            "goes on, and other parts can be added. Files of finished runs are linked where the file system can do that.")]
    public string Out { get; set; } = "";

    [Option("thin", MetaValue = "N",
        HelpText = "For results that are kept, in a repository for example: only finished runs, and of their metrics the rows " +
            "of epochs below N, of multiples of N, and of the last. run.json says so, and reports leave the others out.")]
    public int? Thin { get; set; }

    public override bool SavesResults => true;

    public override int Run()
    {
        using IDisposable heeding = Interruption.Heed();
        if (Thin < 2)
            throw new InputException($"--thin {Thin}: expected 2 or more");
        var merge = new ExperimentMerge([.. Folders], Out, Thin, Terminal.Warn, Interruption.Token);
        int written;
        try
        {
            written = merge.Write(Interruption.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            string problem = error is IOException ? error.Message : "interrupted";
            string message = $"{problem}; what is in {Out} are whole runs, and the same command goes on";
            throw error is IOException ? new IOException(message, error) : new OperationCanceledException(message, error);
        }
        int missing = merge.Planned - merge.Finished - merge.Begun;
        Terminal.Print(
            $"{merge.Planned} runs of {(merge.Models == 1 ? "1 model" : $"{merge.Models} models")}: {merge.Finished} finished, " +
            $"{merge.Begun} to go on from a checkpoint, {Math.Max(0, missing)} missing; {written} were added; see {Out}");
        if (merge.PreferredWhole > 0)
        {
            Terminal.Tell(
                $"{Numbers.Of(merge.PreferredWhole, "run")} had thinned and whole metrics in different folders; the whole ones " +
                "were taken");
        }
        if (merge.KeptWhole > 0)
        {
            Terminal.Warn(
                $"{Numbers.Of(merge.KeptWhole, "run")} in {Out} keep all rows of their metrics, as they were there already; " +
                "--thin makes copies in another folder");
        }
        if (merge.Lost == 0)
            return 0;
        Terminal.Fail($"{(merge.Lost == 1 ? "1 run was" : $"{merge.Lost} runs were")} left out: see the warnings above");
        return 1;
    }
}
