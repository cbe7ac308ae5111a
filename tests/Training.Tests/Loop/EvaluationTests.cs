using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Tests.Reference;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Training.Tests.Loop;

public class EvaluationTests
{
    [Fact]
    public void The_figures_are_those_computed_by_hand()
    {
        // Equal logits: loss ln 3 and the first class. Then a certain hit, and a miss by 1,000.
        var evaluation = Evaluation.Of([2, 2, 2, 0, 1000, 0, 1000, 0, 0], [0, 1, 2], classes: 3);
        Assert.Equal((Math.Log(3) + 0 + 1000) / 3, evaluation.Loss, 1e-12);
        Assert.Equal(2, evaluation.Correct);
        Assert.Equal(200 / 3.0, evaluation.Accuracy, 1e-12);
        Assert.Equal([1, 0, 0, 0, 1, 0, 1, 0, 0], from actual in Enumerable.Range(0, 3)
                                                  from predicted in Enumerable.Range(
            0, 3)
                                                  select evaluation.Confusion(actual, predicted));
        Assert.Equal([100.0, 100.0, 0.0], Enumerable.Range(0, 3).Select(evaluation.AccuracyOf));
    }

    [Fact]
    public void A_class_without_samples_has_no_accuracy() =>
        Assert.Null(Evaluation.Of([1, 0], [0], classes: 2).AccuracyOf(1));

    [Fact]
    public void Lengths_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Evaluation.Of([1, 0, 1], [0], classes: 2));
        Assert.Throws<ArgumentException>(() => Evaluation.Of([], [], classes: 2));
    }

    [Fact]
    public void It_agrees_with_the_evaluation_of_an_executor()
    {
        NetworkPlan plan = NetworkPlan.Compile(Network.Parse("linear(6) > relu > linear(4)"), inputs: 5, classes: 4);
        Samples samples = TestSamples.Random(count: 40, width: 5, classes: 4);
        using var executor = new ReferenceExecutor(plan);
        executor.SetParameters(Initialisation.Draw(plan, 1));
        using var uploaded = executor.Upload(samples);

        var (evaluation, logits) = Evaluation.Of(executor, samples);
        Assert.Equal(160, logits.Length);
        PassMetrics expected = executor.Evaluate(uploaded);
        Assert.Equal(expected.Loss, evaluation.Loss, 1e-6);
        Assert.Equal(expected.Correct, evaluation.Correct);
    }
}
