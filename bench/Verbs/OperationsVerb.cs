using CommandLine;
using IlgpuDistance.Bench.Machine;
using IlgpuDistance.Bench.Operations;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Bench.Verbs;

[Verb("operations", HelpText = "Time each SIMD operation by itself, on one thread with data in cache.")]
internal sealed class OperationsVerb : DataBenchVerb
{
    public override int Run()
    {
        Dataset dataset = LoadDataset();
        var peak = MachinePeaks.Measure(threads: 1);
        (Operation, double)[] measured = [.. OperationList.Measure(dataset.TrainSamples(InputScaling.Raw), dataset.Classes)];
        peak = peak.MeasuredAgain();
        MachinePeaks.Print(Report, [peak]);

        Report.Line("One thread, blocks of real samples in turns, median of several measurements:");
        Report.Table(
            3, ["Operation", "Direction", "Per", "ns", "GFLOP/s", "Of peak", "GB/s"],
            [.. measured.Select(pair => Row(pair.Item1, pair.Item2, peak))]);
        Report.Line("dotnet run -c Release --project bench -- operations");
        return 0;
    }

    private static string[] Row(Operation operation, double secondsPerUnit, MachinePeaks peak)
    {
        double? gigaflops = operation.FlopsPerUnit / secondsPerUnit / 1e9;
        return
        [
            operation.Name, operation.Direction, operation.Unit, Report.Number(secondsPerUnit * 1e9, 2),
            Report.Number(gigaflops, 1),
            Report.Share(gigaflops / peak.GigaflopsPerSecond), Report.Number(operation.BytesPerUnit / secondsPerUnit / 1e9, 0),
        ];
    }
}
