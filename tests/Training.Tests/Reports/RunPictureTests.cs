using System.Xml.Linq;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Records;
using IlgpuDistance.Training.Reports.Figures;

namespace IlgpuDistance.Training.Tests.Reports;

/// <summary>The picture of a single training.</summary>
public sealed class RunPictureTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly StoredExperiment _experiment = new(epochs: 5, runs: 1);

    public void Dispose() => _experiment.Dispose();

    /// <summary>All texts of the picture of a training with some losses, from epoch 0 on.</summary>
    private string[] TextsFor(params string[] losses)
    {
        _experiment.Add("ReLU", "linear(128) > relu > linear(10, bias: false)", 10);
        string path = _experiment.MetricsOf("ReLU", 0);
        string[] lines = File.ReadAllLines(path);
        for (int epoch = 0; epoch < losses.Length; epoch++)
        {
            string[] fields = lines[epoch + 1].Split(',');
            fields[1] = losses[epoch];
            lines[epoch + 1] = string.Join(',', fields);
        }
        File.WriteAllLines(path, lines);
        string svg = LearningCurves.OfRun(ExperimentRecords.Read(_experiment.Folder)).ToSvg();
        return [.. XElement.Parse(svg).Descendants(Svg + "text").Select(text => text.Value.Trim())];
    }

    [Fact]
    public void Both_accuracies_are_drawn_beside_each_other() =>
        Assert.Superset(new HashSet<string>(["training loss", "accuracy, %", "training", "test", "ReLU"]),
            new HashSet<string>(TextsFor("45", "20")));

    [Fact]
    public void The_axis_has_room_for_all_losses_of_a_training_that_explodes() =>
        // With 24 powers of ten every third has a number.
        Assert.Superset(
            new HashSet<string>(["10⁰", "10³", "10⁶", "10⁹", "10¹²", "10¹⁵", "10¹⁸", "10²¹", "10²⁴"]),
            new HashSet<string>(TextsFor("45", "45", "1.3e12", "6e18", "1.7e24", "2.3026")));

    [Fact]
    public void Losses_of_an_ordinary_training_have_ordinary_numbers() =>
        Assert.Superset(new HashSet<string>(["0.1", "1", "10"]),
            new HashSet<string>(TextsFor("45", "45", "20", "4", "0.5", "0.07")));
}
