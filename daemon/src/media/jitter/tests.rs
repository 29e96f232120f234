#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

const N: u32 = FRAME_SAMPLES as u32;

/// A frame that can be told from others.
fn marked(number: u32) -> [i16; FRAME_SAMPLES] {
    [number as i16 + 1; FRAME_SAMPLES]
}

fn take(buffer: &mut JitterBuffer) -> (Taken, i16) {
    let mut frame = Frame::SILENCE;
    let taken = buffer.take(&mut frame);
    (taken, frame.0[0] - 1)
}

/// Run `ticks` ticks; `arrivals(tick)` names the packets that come before each.
fn run(buffer: &mut JitterBuffer, ticks: u32, first: u32, mut arrivals: impl FnMut(u32) -> Vec<u32>) -> Vec<(Taken, i16)> {
    (0..ticks)
        .map(|tick| {
            for number in arrivals(tick) {
                buffer.put(first.wrapping_add(number.wrapping_mul(N)), &marked(number));
            }
            take(buffer)
        })
        .collect()
}

fn sound(taken: &[(Taken, i16)]) -> Vec<i16> {
    taken.iter().filter(|(taken, _)| *taken == Taken::Sound).map(|&(_, number)| number).collect()
}

proptest! {
    #[test]
    fn any_order_of_a_window_comes_out_whole_and_in_order(
        order in Just((0u32..12).collect::<Vec<_>>()).prop_shuffle(), first: u32, twice in 0u32..12,
    ) {
        let mut buffer = JitterBuffer::default();
        let heard = run(&mut buffer, 20, first, |tick| if tick == 0 { order.iter().copied().chain([twice]).collect() } else { vec![] });
        prop_assert_eq!(sound(&heard), (0..12).collect::<Vec<i16>>());
    }

    #[test]
    fn a_frame_is_never_heard_twice_nor_before_an_earlier_one(delays in proptest::collection::vec(0u32..8, 100), first: u32) {
        let mut buffer = JitterBuffer::default();
        let heard = run(&mut buffer, 140, first, |tick| {
            (0..100u32).filter(|&number| number + delays[number as usize] == tick).collect()
        });
        let heard = sound(&heard);
        prop_assert!(heard.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", heard);
        prop_assert!(heard.len() > 40, "{}", heard.len());
    }

    #[test]
    fn no_packets_whatever_make_it_panic(packets in proptest::collection::vec((any::<u32>(), 0usize..2000), 0..200)) {
        let mut buffer = JitterBuffer::default();
        for (timestamp, length) in packets {
            buffer.put(timestamp, &vec![1; length]);
            take(&mut buffer);
        }
    }
}

#[test]
fn a_steady_stream_waits_twenty_milliseconds_and_loses_nothing() {
    let heard = run(&mut JitterBuffer::default(), 51, u32::MAX - 1000, |tick| vec![tick]);
    assert_eq!(heard[0].0, Taken::Nothing);
    assert_eq!(sound(&heard), (0..50).collect::<Vec<i16>>());
}

#[test]
fn a_neighbour_out_of_order_costs_nothing() {
    let heard = run(&mut JitterBuffer::default(), 42, 7, |tick| if tick < 40 { vec![tick ^ 1] } else { vec![] });
    assert_eq!(sound(&heard), (0..40).collect::<Vec<i16>>());
}

#[test]
fn a_lost_packet_is_one_lost_frame_and_no_more_delay() {
    let mut buffer = JitterBuffer::default();
    let heard = run(&mut buffer, 50, 7, |tick| if tick == 20 { vec![] } else { vec![tick] });
    assert_eq!(heard.iter().filter(|(taken, _)| *taken == Taken::Lost).count(), 1);
    assert_eq!(sound(&heard).last(), Some(&48));
    assert_eq!(buffer.target(), FIRST);
}

#[test]
fn a_burst_of_losses_keeps_its_length() {
    let heard = run(&mut JitterBuffer::default(), 50, 7, |tick| if (20..24).contains(&tick) { vec![] } else { vec![tick] });
    assert_eq!(heard.iter().filter(|(taken, _)| *taken == Taken::Lost).count(), 4);
    assert_eq!(sound(&heard).last(), Some(&48), "what follows is heard when it would have been");
}

#[test]
fn packets_that_come_late_are_still_heard_and_make_the_delay_longer() {
    let mut buffer = JitterBuffer::default();
    let heard = run(&mut buffer, 60, 7, |tick| match tick {
        20..23 => vec![],
        23 => vec![20, 21, 22, 23],
        tick => vec![tick],
    });
    assert_eq!(sound(&heard)[..50], (0..50).collect::<Vec<i16>>());
    assert!(buffer.target() > FIRST);
}

#[test]
fn more_delay_than_needed_is_given_back() {
    let mut buffer = JitterBuffer::default();
    run(&mut buffer, 500, 7, |tick| if tick == 0 { (0..8).collect() } else { vec![tick + 7] });
    assert!(buffer.ahead() <= (FIRST as usize + 1) * FRAME_SAMPLES, "{} samples wait", buffer.ahead());
}

#[test]
fn a_sender_whose_clock_is_fast_or_slow_is_followed() {
    for per_mille in [-5i64, 5] {
        let mut buffer = JitterBuffer::default();
        let mut sent = 0;
        let heard = run(&mut buffer, 3000, 7, |tick| {
            let due = (i64::from(tick) * (1000 + per_mille) / 1000) as u32;
            let now = (sent..=due).collect();
            sent = due + 1;
            now
        });
        let lost = heard.iter().filter(|(taken, _)| *taken == Taken::Lost).count();
        assert!(lost <= 20, "{per_mille} per mille: {lost} of 3000 lost");
        assert!(buffer.ahead() <= (MOST as usize + 2) * FRAME_SAMPLES, "{per_mille} per mille: {} wait", buffer.ahead());
    }
}

#[test]
fn of_a_stream_with_five_per_cent_lost_and_some_out_of_order_all_that_came_is_heard() {
    let lost = |number: u32| number.wrapping_mul(2_654_435_761) % 100 < 5;
    let mut buffer = JitterBuffer::default();
    let heard = run(&mut buffer, 1000, 7, |tick| {
        let swapped = if tick % 10 < 2 { tick ^ 1 } else { tick };
        [swapped].into_iter().filter(|&number| !lost(number)).collect()
    });
    let came = (0..998).filter(|&number| !lost(number)).count();
    assert!(sound(&heard).len() + 15 >= came, "{} of {came} heard", sound(&heard).len());
    assert!(buffer.ahead() <= (MOST as usize + 1) * FRAME_SAMPLES);
}

#[test]
fn a_stream_that_pauses_falls_silent_and_begins_anew() {
    let mut buffer = JitterBuffer::default();
    let heard = run(&mut buffer, 100, 7, |tick| if (20..60).contains(&tick) { vec![] } else { vec![tick] });
    assert_eq!(heard[40].0, Taken::Nothing);
    assert_eq!(sound(&heard)[20..25], [60, 61, 62, 63, 64]);
}

#[test]
fn packets_of_ten_and_of_sixty_milliseconds_are_cut_into_frames() {
    for length in [80usize, 480] {
        let mut buffer = JitterBuffer::default();
        let mut frames = 0;
        for at in (0..9600).step_by(FRAME_SAMPLES) {
            let due = (0..9600).step_by(length).filter(|&start| (at..at + FRAME_SAMPLES).contains(&start));
            for start in due {
                let sound: Vec<i16> = (start..start + length).map(|i| i as i16).collect();
                buffer.put(start as u32, &sound);
            }
            let mut frame = Frame::SILENCE;
            if buffer.take(&mut frame) == Taken::Sound {
                assert!(frame.0.windows(2).all(|pair| pair[1] == pair[0] + 1), "packets of {length}");
                assert_eq!(frame.0[0], frames * 160);
                frames += 1;
            }
        }
        assert!(frames >= 58, "packets of {length}: {frames} frames");
    }
}

#[test]
fn one_stray_packet_is_ignored_and_a_new_clock_is_followed() {
    let mut buffer = JitterBuffer::default();
    run(&mut buffer, 10, 0, |tick| vec![tick]);
    buffer.put(1_000_000, &marked(99));
    let heard = run(&mut buffer, 5, 0, |tick| vec![tick + 10]);
    assert_eq!(sound(&heard), [9, 10, 11, 12, 13]);
    let heard = run(&mut buffer, 10, 2_000_000, |tick| vec![tick]);
    assert!(sound(&heard).contains(&5), "{heard:?}");
}
