using System.Diagnostics;
using CommandLine;
using IlgpuDistance.Checks.Fuzz;
using IlgpuDistance.Cli.Verbs;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Checks.Verbs;

[Verb("fuzz", HelpText = "Let every reader read damaged files, and report crashes, hangs and wasted memory.")]
internal sealed class FuzzVerb : CheckVerb
{
    [Option("seed", Default = 1L, MetaValue = "N", HelpText = "Decides all damage.")]
    public long Seed { get; set; }

    [Option("cases", Default = 100_000L, MetaValue = "N", HelpText = "How many damaged inputs.")]
    public long Cases { get; set; }

    [Option("minutes", MetaValue = "M", HelpText = "Go on for so long instead; a seed of its own finds something of its own.")]
    public double? Minutes { get; set; }

    [Option("replay", MetaValue = "CASE", HelpText = "Try this case alone, save its input, and show the whole exception.")]
    public long? Replay { get; set; }

    public override int Run()
    {
        if (Cases < 1 || Minutes <= 0 || Replay < 0)
        {
            throw new InputException(
                "--cases, --minutes, --replay: expected 1 or more, a time above 0, and the number of a case");
        }

        using var files = new FuzzFolder();
        IReadOnlyList<FuzzTarget> targets = FuzzTargets.All(files);
        var campaign = new FuzzCampaign(targets, Seed);
        return Replay is { } number ? Repeat(campaign, number) : RunAll(campaign, targets.Count);
    }

    private int RunAll(FuzzCampaign campaign, int kinds)
    {
        var clock = Stopwatch.StartNew();
        FuzzResult result = campaign.Run(
            number => Minutes is { } minutes ? clock.Elapsed.TotalMinutes < minutes : number < Cases);
        Report(result.Faults.Select(fault =>
            $"{fault.Target}: {fault.Problem} {fault.Place}; see it with scripts/check-fuzz --seed {Seed} --replay " +
                $"{fault.Case}"));
        if (result.Faults.Count > 0)
            return 1;
        Console.Out.WriteLine(
            $"check-fuzz: {result.Cases:N0} damaged inputs of {kinds} kinds with seed {Seed}: {result.Refused:N0} refused " +
                $"in words, " +
            $"{result.Cases - result.Refused:N0} read; no crash, no hang, no waste of memory; {clock.Elapsed.TotalSeconds:0} s");
        return 0;
    }

    private int Repeat(FuzzCampaign campaign, long number)
    {
        string file = Path.Combine(Path.GetTempPath(), $"fuzz-{Seed}-{number}");
        File.WriteAllBytes(file, campaign.InputOf(number));
        Console.Out.WriteLine($"{campaign.TargetOf(number).Name}: {file}");
        if (campaign.Run(tried => tried == number, number).Faults is not [var fault])
        {
            Console.Out.WriteLine("nothing is wrong");
            return 0;
        }
        Report([$"{fault.Error?.ToString() ?? fault.Problem}"]);
        return 1;
    }
}
