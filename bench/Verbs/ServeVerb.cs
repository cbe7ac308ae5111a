using System.Globalization;
using CommandLine;
using IlgpuDistance.Bench.Changes;
using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Verbs;

/// <summary>
/// Says what the data are, and then runs an epoch of each case that a line of standard input names, and answers with a line that
/// holds its seconds. What a case needs is made ready, and warmed up, when it is named first.
/// </summary>
[Verb("serve", Hidden = true, HelpText = "Time epochs on behalf of \"compare\".")]
internal sealed class ServeVerb : DataBenchVerb
{
    private const int WarmUpEpochs = 2;

    /// <summary>
    /// Other builds know this option by its number, and builds before the first refuse it; without it they would take "serve" for
    /// a word behind their default verb.
    /// </summary>
    [Option("protocol", Required = true)]
    public int Protocol { get; set; }

    public override int Run()
    {
        if (Protocol != ServedBuild.Protocol)
            throw new InputException($"this build answers protocol {ServedBuild.Protocol}, not {Protocol}");
        var workload = Workload.Of(Resolve().Dataset);
        Report.Line(FormattableString.Invariant(
            $"{ServedBuild.Greeting} {workload.Train.Count} {workload.Test.Count} {workload.Train.Width} {workload.Classes}"));
        var prepared = new Dictionary<string, SimdEpochs>();
        try
        {
            while (Console.In.ReadLine() is { } line)
            {
                if (!prepared.TryGetValue(line, out SimdEpochs? epochs))
                    prepared[line] = epochs = Prepare(ServedBuild.CaseOf(line), workload);
                var timings = new Timings();
                timings.Time(() => epochs.Run());
                Report.Line(timings.Median.ToString("R", CultureInfo.InvariantCulture));
            }
        }
        finally
        {
            foreach (SimdEpochs epochs in prepared.Values)
                epochs.Dispose();
        }
        return 0;
    }

    private static SimdEpochs Prepare(EpochCase @case, Workload workload)
    {
        NetworkPlan plan = workload.Plan(PaperModels.Resolve(@case.Model, workload.Classes));
        var epochs = new SimdEpochs(
            plan, Initialisation.Draw(plan, seed: 0), workload, @case.BatchSize, @case.Threads, EpochCase.LearningRate);
        for (int i = 0; i < WarmUpEpochs; i++)
            epochs.Run();
        return epochs;
    }
}
