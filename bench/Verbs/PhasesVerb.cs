using CommandLine;
using IlgpuDistance.Bench.Epochs;
using IlgpuDistance.Bench.Machine;
using IlgpuDistance.Bench.Operations;
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Bench.Verbs;

[Verb("phases", HelpText = "Show in which layer and direction the time of an epoch goes, on one thread.")]
internal sealed class PhasesVerb : DataBenchVerb
{
    private const float LearningRate = 0.001f;

    [Option("model", Default = "Abs-L2-Neg", HelpText = "A name from the paper, or layers.")]
    public string Model { get; set; } = "";

    [Option("batch", Default = "full", HelpText = "Samples per step: full or a number.")]
    public string Batch { get; set; } = "";

    [Option("repeats", Default = 5, HelpText = "Epochs to average over.")]
    public int Repeats { get; set; }

    public override int Run()
    {
        var @case = EpochCase.Of(Model, Batch, threads: 1);
        if (Repeats < 1)
            throw new InputException($"--repeats {Repeats}: expected 1 or more");
        Dataset dataset = LoadDataset();
        var workload = Workload.Of(dataset);
        var plan = NetworkPlan.Compile(PaperModels.Resolve(Model, workload.Classes), workload.Train.Width, workload.Classes);
        var peak = MachinePeaks.Measure(threads: 1);
        using var profile = new PhaseProfile(plan, workload, @case.BatchSize);
        using var whole = new SimdEpochs(plan, Initialisation.Draw(plan, seed: 0), workload, @case, LearningRate);
        profile.RunEpoch(LearningRate);
        whole.Run();
        profile.Reset();
        var wholeTimes = new Timings();
        for (int i = 0; i < Repeats; i++)
        {
            profile.RunEpoch(LearningRate);
            wholeTimes.Time(() => whole.Run());
        }

        peak = peak.MeasuredAgain();
        MachinePeaks.Print(Report, [peak]);

        double total = profile.Phases.Sum(phase => phase.Seconds);
        Report.Line($"An epoch of {Model}, batch {Batch}, on one thread, mean of {Repeats}:");
        Report.Table(
            1, ["Phase", "ms", "Share", "ns per sample", "GFLOP/s useful", "Of peak"],
            [.. profile.Phases.Select(phase => Row(phase, total, peak))]);
        Report.Line(
            $"Sum of the phases {Report.Number(1000 * total / Repeats, 1)} ms; " +
            $"the executor with one thread takes {Report.Number(1000 * wholeTimes.Median, 1)} ms (median).");
        Report.Line($"dotnet run -c Release --project bench -- phases --model \"{Model}\" --batch {Batch} --repeats {Repeats}");
        return 0;
    }

    private string[] Row(Phase phase, double total, MachinePeaks peak)
    {
        double? gigaflops = phase.Flops > 0 ? phase.Flops / phase.Seconds / 1e9 : null;
        double? perSample = phase.Samples > 0 ? phase.Seconds * 1e9 / phase.Samples : null;
        return
        [
            phase.Name, Report.Number(1000 * phase.Seconds / Repeats, 2), Report.Share(phase.Seconds / total), Report.Number(perSample, 1),
            Report.Number(gigaflops, 1), Report.Share(gigaflops / peak.GigaflopsPerSecond),
        ];
    }
}
